"""Divisions of levels 1 to 3 as data (区划数据).

`divisions.csv` is made by `flask regions convert-divisions FOLDER` from the files of
modood/Administrative-divisions-of-China (snapshot of November 2024, published under the WTFPL 2).
The codes and names are facts of GB/T 2260.
"""
