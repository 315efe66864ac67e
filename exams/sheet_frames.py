"""Score sheets of operations for which no standard is at hand, out of a common frame (评分表框架).

Four subjects, as the standards of electricians have them: what is worn, the work itself, faults of
the place, emergencies. What is worn, faults and emergencies belong to the family of operations;
the work to each. All of it is data (`score_sheet_frames.json`) and is called an assumption there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any


def sheets(frames: Mapping[str, Any], families: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Yield a score sheet for each operation of the frame, as `score_sheets.json` has them.

    Args:
        frames: the data.
        families: for each operation, the first part of its number in the catalogue.
    """
    by_family = {one["family"]: one for one in frames["families"]}
    for operation, tasks in frames["operations"].items():
        family = by_family.get(families.get(operation, ""))
        if family is not None:
            yield {
                "qualification": operation,
                **{
                    name: frames[name]
                    for name in ("effective_from", "minutes", "pass_percent", "tolerance", "source")
                },
                "subjects": _subjects(frames, family, tasks),
            }


def _subjects(
    frames: Mapping[str, Any], family: Mapping[str, Any], tasks: Sequence[Mapping[str, str]]
) -> list[dict[str, Any]]:
    gear = {"name": "劳动防护用品与安全用具的选用", **family, "veto": family["gear_veto"]}
    filled: list[tuple[str, Sequence[Mapping[str, Any]]]] = [
        ("gear", [gear]),
        ("task", tasks),
        ("site", [{"name": f"隐患的判断与排除：{site}", "site": site} for site in family["site"]]),
        ("emergency", family["emergency"]),
    ]
    return [
        {**subject, "items": [_item(subject["code"], at, frames["steps"][kind], one)
                              for at, one in enumerate(items, start=1)]}
        for subject, (kind, items) in zip(frames["subjects"], filled, strict=True)
    ]  # fmt: skip


def _item(
    subject: str, number: int, steps: Sequence[Sequence[str]], words: Mapping[str, Any]
) -> dict[str, Any]:
    code = f"{subject}{number}"
    veto = words.get("veto")
    return {
        "code": code,
        "name": words["name"],
        "steps": [
            {"code": f"{code}.{at}", "text": text.format(**words), "points": points}
            for at, (text, points) in enumerate(steps, start=1)
        ],
        "vetoes": [{"code": f"{code}.V1", "text": veto}] if veto else [],
    }
