"""The organisation and its staff from HR's files; docs/staff-import.md is the contract.

Files are read whole before anything is written: `common.staff_files` → `unit_file`, `people_file`
→ rows or faults. `unit_changes` and `people_changes` bring the database to what the rows say. `run`
does all of it, or nothing.
"""
