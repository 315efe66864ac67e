"""What is done with regions: looking them up, adding them, and their reforms (区划服务)."""

from server.regions.services.histories import history
from server.regions.services.reforms import abolish, move, paths, recode
from server.regions.services.regions import (
    above,
    find,
    get,
    id_of,
    listed,
    load_reference,
    write,
)

__all__ = [
    "abolish",
    "above",
    "find",
    "get",
    "history",
    "id_of",
    "listed",
    "load_reference",
    "move",
    "paths",
    "recode",
    "write",
]
