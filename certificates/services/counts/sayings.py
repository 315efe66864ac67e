"""How each database says what statements of whole numbers have in common (方言)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Words:
    """How a database says what the statements have in common; `{}` is what it is said of."""

    day: str
    civil_day: str
    each_item: str
    lead: str
    category: str
    place: str
    is_true: str
    is_false: str
    #: An entry's organisation as the id of a thing with a number: looked up one by one. A list of
    #: organisations would be made anew for each lot, by going through the numbers of everybody.
    provider: str
    length: str
    level: str
    taught_for: str
    tenths: str


_SQLITE = Words(
    day="CAST(julianday({0}) - 1721424.5 AS INTEGER)",
    civil_day="CAST(julianday(date({0}, '+8 hours')) - 1721424.5 AS INTEGER)",
    # What is NULL need not be read as JSON: most posts have no items.
    each_item="LEFT JOIN json_each(NULLIF(post.items, '[]')) AS one ON 1",
    lead="COALESCE(one.key, 0) = 0",
    category="CAST({0} AS INTEGER)",
    place="CAST(substr({0}, instr({0}, '.') + 1) AS INTEGER)",
    is_true="json_extract({0}, '$.{1}') IS 1",
    is_false="json_extract({0}, '$.{1}') IS 0",
    provider="replace(json_extract({0}, '$.provider_id'), '-', '') = {1}",
    length="json_array_length({0})",
    level="json_extract({0}, '$.level')",
    taught_for="replace(COALESCE(json_extract({0}, '$.employer_id'),"
    " json_extract({0}, '$.provider_id')), '-', '') = {1}",
    tenths="CAST(ROUND(COALESCE(json_extract({0}, '$.hours'), 0) * 10) AS INTEGER)",
)

#: Whoever trains, in an entry's words; as an id, so that the index of ids finds it. What does not
#: look like one is nobody's.
_PROVIDER = "({0} ->> 'provider_id')"
_TAUGHT_FOR = "COALESCE({0} ->> 'employer_id', {0} ->> 'provider_id')"
_AS_ID = "CASE WHEN {0} LIKE '________-____-____-____-____________' THEN {0}::uuid END = {{1}}"

_POSTGRESQL = Words(
    day="({0} - DATE '0001-01-01' + 1)",
    civil_day="(({0} AT TIME ZONE 'Asia/Shanghai')::date - DATE '0001-01-01' + 1)",
    each_item="LEFT JOIN LATERAL jsonb_array_elements_text(post.items) WITH ORDINALITY"
    " AS one(value, key) ON true",
    lead="COALESCE(one.key, 1) = 1",
    category="split_part({0}, '.', 1)::int",
    place="split_part({0}, '.', 2)::int",
    is_true="COALESCE({0} ->> '{1}' = 'true', false)",
    is_false="COALESCE({0} ->> '{1}' = 'false', false)",
    provider=_AS_ID.format(_PROVIDER),
    length="jsonb_array_length({0})",
    level="({0} ->> 'level')",
    taught_for=_AS_ID.format(_TAUGHT_FOR),
    tenths="ROUND(COALESCE(({0} ->> 'hours')::numeric, 0) * 10)::int",
)


def of(dialect: str) -> Words:
    """Return how a database says it."""
    return _POSTGRESQL if dialect == "postgresql" else _SQLITE


def code_of(column: str, numbers: Mapping[str, int]) -> str:
    """Return a text of the database as a number: 0 where there is none, -1 where it is another.

    Args:
        column: whose texts they are, in our own words.
        numbers: the number of each text. Texts come from indicators that people write, so each is
            quoted here, whatever those who took it in have made sure of.
    """
    quoted = ((name.replace("'", "''"), number) for name, number in numbers.items())
    cases = " ".join(f"WHEN '{name}' THEN {number}" for name, number in quoted)
    known = f"CASE {column} {cases} ELSE -1 END" if cases else "-1"
    return f"CASE WHEN {column} IS NULL THEN 0 ELSE {known} END"
