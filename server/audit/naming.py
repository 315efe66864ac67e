"""Pure: by what things are called where the audit speaks of them (审计对象的名称).

An entry keeps kind and id alone, for it outlives what it speaks of. Who reads it wants a name: each
part says of its tables which column that is, so the audit need not know the parts above it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, TypeVar

Table = TypeVar("Table", bound=type[Any])

#: The kind that people themselves are.
PERSON: Final = "person"


@dataclass(frozen=True, kw_only=True)
class Called:
    """Where the names of things of a kind stand."""

    table: type[Any]
    #: The attribute that holds the name or, of what is somebody's, the id of the person.
    attribute: str
    of_person: bool

    @property
    def column(self) -> Any:
        """The column of the table."""
        return getattr(self.table, self.attribute)


_CALLED: dict[str, Called] = {}


def called(kind: str, attribute: str = "name") -> Callable[[Table], Table]:
    """Say that things of a kind are called by an attribute of this table."""
    return _registering(kind, attribute, of_person=False)


def called_by_person(kind: str, attribute: str = "person_id") -> Callable[[Table], Table]:
    """Say that things of a kind are called by the name of the person whose id they hold."""
    return _registering(kind, attribute, of_person=True)


def every() -> Mapping[str, Called]:
    """Return by what things are called, by their kind."""
    return MappingProxyType(_CALLED)


def _registering(kind: str, attribute: str, *, of_person: bool) -> Callable[[Table], Table]:
    def register(table: Table) -> Table:
        _CALLED[kind] = Called(table=table, attribute=attribute, of_person=of_person)
        return table

    return register
