"""The statement that reads what the rule of the post asks for, in SQL written by hand (手写取数).

A gate that asks about one person and a list of a thousand cost the same one statement; composing
the seven that it was before took longer than the database needs to answer them.
"""

from __future__ import annotations

from typing import Final

from server.plain_sql import Statement

#: Who is asked about, and the day. Each list of rows follows, by the same names in both databases.
_PEOPLE: Final = "SELECT p.id, p.birth_on FROM {asked} person p ON p.id = asked.id"

_POSTS: Final = """
    SELECT p.id, p.person_id, p.organisation_id, p.role, {items}, p.from_on, p.until_on,
        o.path, {strict} AS is_high_risk,
        (SELECT g.path FROM region g WHERE g.id = o.region_id
            AND EXISTS (SELECT 1 FROM hours_rule)) AS region
    FROM {asked} post p ON p.person_id = asked.id JOIN organisation o ON o.id = p.organisation_id
    WHERE p.until_on IS NULL OR p.until_on <> p.from_on ORDER BY p.from_on, p.id
"""

_EVENTS: Final = """
    SELECT e.certificate_id, e.kind, e.effective_on
    FROM {asked} certificate c ON c.person_id = asked.id
        JOIN certificate_event e ON e.certificate_id = c.id
    WHERE e.kind <> 'issued' ORDER BY e.certificate_id, e.sequence
"""

_PAPERS: Final = """
    SELECT c.id, c.person_id, c.valid_from, c.valid_until, {reviews}, q.role, q.operation_item,
        r.warn_days
    FROM {asked} certificate c ON c.person_id = asked.id
        JOIN qualification q ON q.id = c.qualification_id
        JOIN certificate_rule r ON r.id = c.rule_id
"""

_BARS: Final = """
    SELECT b.person_id, q.role, q.operation_item
    FROM {asked} bar b ON b.person_id = asked.id
        LEFT JOIN qualification q ON q.id = b.qualification_id
    WHERE b.from_on <= {day} AND (b.until_on IS NULL OR b.until_on >= {day})
        AND (b.lifted_on IS NULL OR b.lifted_on > {day})
"""

#: The entries that stand, as they happened: what was corrected is left out.
_LINES: Final = """
    SELECT l.person_id, l.kind, l.happened_on, l.purpose, l.item, {content}
    FROM {asked} record l ON l.person_id = asked.id
    WHERE l.kind IN ('training', 'exam', 'health', 'violation') AND l.happened_on <= {day}
        AND NOT EXISTS (SELECT 1 FROM record n WHERE n.corrects_id = l.id)
    ORDER BY l.happened_at, l.recorded_at, l.id
"""

#: Hours that authorities ask for in their regions, of whom the verdict counts hours.
_LOCAL: Final = """
    SELECT r.path AS region, h.type, h.roles, h.high_risk, h.tenths, h.from_on, h.law, h.article
    FROM hours_rule h JOIN organisation a ON a.id = h.authority_id
        JOIN region r ON r.id = a.region_id
    WHERE h.type IN ('induction', 're_training') AND h.level IS NULL AND h.construction IS NULL
        AND h.from_on <= {day} AND (h.until_on IS NULL OR h.until_on > {day})
"""

_LISTS: Final = {
    _PEOPLE: ("id", "birth_on"),
    _POSTS: (
        *("id", "person_id", "organisation_id", "role", "items", "from_on", "until_on"),
        *("path", "is_high_risk", "region"),
    ),
    _EVENTS: ("certificate_id", "kind", "effective_on"),
    _PAPERS: (
        *("id", "person_id", "valid_from", "valid_until", "review_days", "role"),
        *("operation_item", "warn_days"),
    ),
    _BARS: ("person_id", "role", "operation_item"),
    _LINES: ("person_id", "kind", "happened_on", "purpose", "item", "content"),
    _LOCAL: ("region", "type", "roles", "high_risk", "tenths", "from_on", "law", "article"),
}

#: Levels of organisations that are looked through, from the topmost one down.
_LEVELS: Final = range(8)

#: Whether the stricter rules of high-risk industries apply: a department shares them with what it
#: belongs to. A path names every organisation above by an id of so many letters.
_STRICT: Final = """(o.is_high_risk OR o.kind = 'department' AND EXISTS (
        SELECT 1 FROM organisation u WHERE u.is_high_risk AND u.id IN ({above})))"""

# The planner begins with who is asked about, and looks for the rest by index.
_ON_SQLITE: Final = {
    "asked": "asked CROSS JOIN",
    "day": "(SELECT today FROM asked_on)",
    "items": "p.items",
    "reviews": "c.review_days",
    "content": "l.content",
    "strict": _STRICT.format(
        above=", ".join(f"replace(substr(o.path, {2 + 37 * n}, 36), '-', '')" for n in _LEVELS)
    ),
}
_ON_POSTGRESQL: Final = {
    **_ON_SQLITE,
    "asked": "asked JOIN",
    "strict": _STRICT.format(
        above=", ".join(f"NULLIF(substr(o.path, {2 + 37 * n}, 36), '')::uuid" for n in _LEVELS)
    ),
}

#: What is JSON already, where it goes into a list of rows.
_JSON: Final = frozenset({"items", "review_days", "content", "roles"})


def _for_sqlite() -> str:
    lists = []
    for rows, columns in _LISTS.items():
        row = ", ".join(f"json({name})" if name in _JSON else name for name in columns)
        inner = rows.format(**_ON_SQLITE)
        lists.append(f"json((SELECT json_group_array(json_array({row})) FROM ({inner})))")  # noqa: S608  # fixed texts
    head = """
        WITH asked(id) AS MATERIALIZED (SELECT value FROM json_each(?)),
            asked_on(today) AS (SELECT ?)
    """
    return f"{head} SELECT json_array({', '.join(lists)})"


def _for_postgresql() -> str:
    lists = []
    for rows, columns in _LISTS.items():
        row = ", ".join(columns)
        inner = rows.format(**_ON_POSTGRESQL)
        lists.append(f"(SELECT json_agg(json_build_array({row})) FROM ({inner}) found)")  # noqa: S608  # fixed texts
    head = """
        WITH asked AS MATERIALIZED (SELECT unnest(%s::uuid[]) AS id),
            asked_on AS (SELECT %s::date AS today)
    """
    return f"{head} SELECT json_build_array({', '.join(lists)})::text"


#: Given ids and a day, returns the lists of people, posts, events, papers, bars, lines, and the
#: rules of hours of authorities.
FACTS: Final = Statement(sqlite=_for_sqlite(), postgresql=_for_postgresql())

#: Given ids, returns organisations with their paths, and the paths of the regions they lie in.
PATHS: Final = Statement(
    sqlite="""
        SELECT json_group_array(json_array(o.id, o.path, r.path))
        FROM json_each(?) asked CROSS JOIN organisation o ON o.id = asked.value
            JOIN region r ON r.id = o.region_id
    """,
    postgresql="""
        SELECT json_agg(json_build_array(o.id, o.path, r.path))::text
        FROM organisation o JOIN region r ON r.id = o.region_id
        WHERE o.id = ANY(%s::uuid[])
    """,
)
