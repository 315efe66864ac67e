"""The catalogue of special operations (特种作业目录), version by version.

`items(on)` and `item(code, on)` answer what the catalogue in force on a day holds.
"""
