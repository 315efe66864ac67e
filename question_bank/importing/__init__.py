"""Import of question sheets (导入), pure: rows of a sheet become drafts and a row-by-row report.

Rooms: `reasons` what can be said of a row; `texts` tidying; `options`, `keys`, `kind_names` what
one cell means; `columns` which column holds what; `rows` one row; `sheets` a whole file.
"""
