"""Files about staff as other systems export them, into lines of cells by the field they hold.

`table` → records, `reading` → lines with what is wrong in them, told by `cells` and `damage`;
`file_map` says how a system writes them. Whose file it is, and what it changes, is said by the
rooms above.
"""
