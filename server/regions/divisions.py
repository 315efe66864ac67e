"""Pure: division codes of GB/T 2260, and the file of levels 1 to 3 (区划代码).

The tree follows the source with these decisions:

- The headings that stand for no government (市辖区 and 县 of the municipalities, and the counties
  directly under Henan, Hubei, Hainan and Xinjiang: 4190, 4290, 4690, 6590) stay in the tree, so
  that a county is always on level 3, and are marked `is_grouping`.
- Dongguan, Zhongshan and Danzhou have no districts: the source repeats the city under its own
  code as a county. The repetition is dropped; their townships hang on the city.
- Jiayuguan has none either; the source gives it one county of the same name, 620201, under which
  its townships are numbered. It stays, as a grouping.
- Hong Kong, Macao and Taiwan come without codes below the first level, so the first level
  (810000, 820000, 710000) is all that is kept.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from server.regions.errors import DivisionCodeWrong

#: Digits of a code by the level of its region; level 4 and 5 follow the statistical codes.
CODE_LENGTH = {1: 6, 2: 6, 3: 6, 4: 9, 5: 12}

#: Digits that tell regions of a level apart: the rest of a six-digit code are zeros.
SIGNIFICANT = {1: 2, 2: 4, 3: 6, 4: 9, 5: 12}

#: What a code looks like: digits only, no region numbered zero.
_CODE = re.compile(r"[1-9][0-9]{5}(?:[0-9]{3}){0,2}", re.ASCII)

#: First-level regions that the source keeps in a file without codes.
_WITHOUT_DETAIL = {"710000": "台湾省", "810000": "香港特别行政区", "820000": "澳门特别行政区"}

#: Names of headings that stand for no government.
_GROUPINGS = frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"})

#: Jiayuguan's stand-in for the districts it does not have.
_STAND_INS = frozenset({"620201"})

_COLUMNS = ("code", "name", "level", "parent_code", "is_grouping")


@dataclass(frozen=True, kw_only=True)
class Division:
    """One region as the file holds it."""

    code: str
    name: str
    level: int
    #: The code of the region above; None on the first level.
    parent_code: str | None
    #: A heading without a government of its own.
    is_grouping: bool = False


@cache
def shipped() -> tuple[Division, ...]:
    """Return the divisions that come with the platform, parents before their children."""
    text = files("server.regions.data").joinpath("divisions.csv").read_text(encoding="utf-8")
    return tuple(
        Division(
            code=row["code"],
            name=row["name"],
            level=int(row["level"]),
            parent_code=row["parent_code"] or None,
            is_grouping=row["is_grouping"] == "1",
        )
        for row in csv.DictReader(io.StringIO(text))
    )


@cache
def known_codes() -> frozenset[str]:
    """Return every six-digit code that comes with the platform."""
    return frozenset(division.code for division in shipped())


def check_child(code: str, level: int, *, parent_code: str, parent_level: int) -> None:
    """Check that a region with `code` may stand on `level` beneath its parent.

    A township may hang on a city that has no counties; otherwise each level hangs on the next.

    Raises:
        DivisionCodeWrong: the code has the wrong length for the level, does not begin with the
            parent's, or the level does not lie below the parent's.
    """
    if not parent_level < level <= 5 or (level == 5 and parent_level != 4):
        raise DivisionCodeWrong(
            reason="its level does not lie directly below its parent's",
            reason_zh="级别与上级区划不符",
        )
    if not _CODE.fullmatch(code) or len(code) != CODE_LENGTH[level]:
        raise DivisionCodeWrong(
            reason=f"level {level} has codes of {CODE_LENGTH[level]} digits",
            reason_zh=f"第 {level} 级区划代码应为 {CODE_LENGTH[level]} 位数字",
        )
    if not code.startswith(parent_code[: SIGNIFICANT[parent_level]]) or code == parent_code:
        raise DivisionCodeWrong(
            reason="it does not begin with its parent's code", reason_zh="代码与上级区划代码不符"
        )


def convert(
    provinces: Iterable[Mapping[str, str]],
    cities: Iterable[Mapping[str, str]],
    areas: Iterable[Mapping[str, str]],
) -> list[Division]:
    """Return the divisions behind the three files of the source, sorted by code within a level."""
    first = {f"{row['code']}0000": row["name"] for row in provinces} | _WITHOUT_DETAIL
    second = [
        Division(
            code=f"{row['code']}00",
            name=row["name"],
            level=2,
            parent_code=f"{row['provinceCode']}0000",
            is_grouping=row["name"] in _GROUPINGS,
        )
        for row in cities
    ]
    third = [
        Division(
            code=row["code"],
            name=row["name"],
            level=3,
            parent_code=f"{row['cityCode']}00",
            is_grouping=row["code"] in _STAND_INS,
        )
        for row in areas
        if row["code"] != f"{row['cityCode']}00"
    ]
    top = [Division(code=c, name=n, level=1, parent_code=None) for c, n in first.items()]
    return sorted([*top, *second, *third], key=lambda division: (division.level, division.code))


def as_csv(divisions: Iterable[Division]) -> str:
    """Return the text of the file that `shipped` reads."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for one in divisions:
        writer.writerow(
            [one.code, one.name, one.level, one.parent_code or "", int(one.is_grouping)]
        )
    return out.getvalue()
