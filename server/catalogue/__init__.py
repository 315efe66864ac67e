"""The catalogue of special operations (特种作业目录), version by version.

`items(on)` and `item(code, on)` answer what the catalogue that counts on a day holds.
"""

from server.catalogue.operations import OperationItem, Version, item, items, unknown, version

__all__ = ["OperationItem", "Version", "item", "items", "unknown", "version"]
