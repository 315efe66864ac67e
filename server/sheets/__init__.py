"""Many things entered at once by a workbook: read, tried row by row, answered (表格导入).

A part says which columns its sheet has (`reading.Form`) and how one row is entered; everything
else is here: finding the header, reading cells without guessing, complaints cell by cell, rows
that stand twice, trying each row by itself, and the same workbook back with what became of each.
"""
