"""What people attended before the portal, from other systems' files; docs/participation-import.md.

A file is read whole before anything is written: `common.staff_files` → `participation_file`, with
`words` and `hours` → `known` finds people and units → `actions` brings the database to what the
rows say, or to nothing of it.
"""
