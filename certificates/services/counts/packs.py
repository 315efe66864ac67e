"""How rows of whole numbers are read, and what their statements share (取数格式)."""

from __future__ import annotations

from certificates.services.counts import bulk

#: How posts, lines of the training file and certificates are read, see `bulk.read_packed`.
POSTS: tuple[bulk.Packed, ...] = (
    (("person", 31), ("organisation", 31)),
    (("role", 8), ("item", 22)),
    (("leads", 2), ("start_day", 23), ("end_day", 23)),
)
LINES: tuple[bulk.Packed, ...] = (
    (("person", 31), ("kind", 3), ("day", 23)),
    (("purpose", 8), ("role", 8), ("item", 22)),
    (("provider", 31),),
)
LESSONS: tuple[bulk.Packed, ...] = (
    (("person", 31), ("organisation", 31)),
    (("day", 23), ("level", 4), ("again", 2), ("tenths", 24)),
)
PLAIN: tuple[bulk.Packed, ...] = (
    (("person", 31), ("role", 8), ("item", 22)),
    (("first_day", 23), ("after", 23)),
    (("issued", 23),),
)

#: Entries that another corrects.
CORRECTED = "SELECT corrects_id FROM record WHERE corrects_id IS NOT NULL"
