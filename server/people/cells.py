"""Pure: what one cell of a roster means (单元格).

A spreadsheet turns what looks like a number into one, and loses digits on the way; where that may
have happened the cell is refused, never guessed at.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import TypeVar

from server.errors import Message
from server.people.documents import DocumentType, Sex
from server.people.drafts import Education
from server.people.roster import PostRole

T = TypeVar("T")

#: Whole numbers beyond this have lost digits in a spreadsheet (IEEE 754 keeps 15 for certain).
SAFE_NUMBER = 10**15

SEXES: dict[str, Sex] = {"男": Sex.MALE, "女": Sex.FEMALE}

DOCUMENT_TYPES: dict[str, DocumentType] = {
    "居民身份证": DocumentType.RESIDENT_IDENTITY_CARD,
    "身份证": DocumentType.RESIDENT_IDENTITY_CARD,
    "港澳居民来往内地通行证": DocumentType.HONG_KONG_MACAO_PERMIT,
    "港澳通行证": DocumentType.HONG_KONG_MACAO_PERMIT,
    "台湾居民来往大陆通行证": DocumentType.TAIWAN_PERMIT,
    "台胞证": DocumentType.TAIWAN_PERMIT,
    "港澳居民居住证": DocumentType.HONG_KONG_MACAO_RESIDENCE_PERMIT,
    "台湾居民居住证": DocumentType.TAIWAN_RESIDENCE_PERMIT,
    "外国人永久居留身份证": DocumentType.FOREIGN_PERMANENT_RESIDENCE,
    "护照": DocumentType.PASSPORT,
}

EDUCATIONS: dict[str, Education] = {
    "小学": Education.PRIMARY,
    "初中": Education.JUNIOR_SECONDARY,
    "高中": Education.SENIOR_SECONDARY,
    "中专": Education.VOCATIONAL_SECONDARY,
    "技校": Education.VOCATIONAL_SECONDARY,
    "职高": Education.VOCATIONAL_SECONDARY,
    "大专": Education.COLLEGE,
    "专科": Education.COLLEGE,
    "本科": Education.BACHELOR,
    "大学": Education.BACHELOR,
    "研究生": Education.POSTGRADUATE,
    "硕士": Education.POSTGRADUATE,
    "博士": Education.POSTGRADUATE,
}

ROLES: dict[str, PostRole] = {
    "主要负责人": PostRole.PRINCIPAL,
    "负责人": PostRole.PRINCIPAL,
    "安全生产管理人员": PostRole.SAFETY_MANAGER,
    "安全管理人员": PostRole.SAFETY_MANAGER,
    "安管人员": PostRole.SAFETY_MANAGER,
    "专职安全生产管理人员": PostRole.FULL_TIME_SAFETY_MANAGER,
    "专职安全管理人员": PostRole.FULL_TIME_SAFETY_MANAGER,
    "职业卫生管理人员": PostRole.OCCUPATIONAL_HEALTH_MANAGER,
    "特种作业人员": PostRole.SPECIAL_OPERATIONS_WORKER,
    "特种作业": PostRole.SPECIAL_OPERATIONS_WORKER,
    "矿山专业技术人员": PostRole.MINING_ENGINEER,
    "其他从业人员": PostRole.EMPLOYEE,
    "从业人员": PostRole.EMPLOYEE,
    "员工": PostRole.EMPLOYEE,
    "监管执法人员": PostRole.ENFORCEMENT_OFFICER,
    "执法人员": PostRole.ENFORCEMENT_OFFICER,
    "监管部门工作人员": PostRole.REGULATOR_STAFF,
    "乡镇安全生产分管负责人": PostRole.TOWNSHIP_SAFETY_LEADER,
    "建筑施工企业主要负责人": PostRole.CONSTRUCTION_PRINCIPAL,
    "建筑施工企业项目负责人": PostRole.CONSTRUCTION_PROJECT_LEADER,
    "项目负责人": PostRole.CONSTRUCTION_PROJECT_LEADER,
    "建筑施工企业专职安全生产管理人员": PostRole.CONSTRUCTION_SAFETY_MANAGER,
}

_DAY = re.compile(r"([0-9]{4})[-/.年]?([0-9]{1,2})[-/.月]?([0-9]{1,2})日?", re.ASCII)
_SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]+)?E\+?[0-9]+", re.ASCII | re.IGNORECASE)
_ITEM_CODE = re.compile(r"[0-9]{1,2}\.[0-9]{1,2}", re.ASCII)
_BETWEEN_ITEMS = re.compile(r"[、,;/\s]+")

LOST_DIGITS = Message(
    en="The cell is a number, and the spreadsheet has lost its last digits. "
    "Format the column as text and type the number anew.",
    zh="该单元格为数值格式，末尾数字已被电子表格丢失。请将该列设为文本格式后重新录入。",
)
NOT_A_DAY = Message(en="This is not a day, such as 2026-06-01.", zh="应为日期，例如 2026-06-01。")
AMBIGUOUS_ITEM = Message(
    en="The cell is a number, so 5.1 and 5.10 look alike. Write the item's name, or format the "
    "column as text.",
    zh="该单元格为数值格式，无法区分 5.1 与 5.10。请填写操作项目名称，或将该列设为文本格式。",
)


class CellRefused(ValueError):
    """A cell that cannot be understood, and why."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.en)
        self.message = message


def text(cell: object) -> str | None:
    """Return a cell as text without stray spaces; None where it is empty.

    Raises:
        CellRefused: it is a number that may have lost digits.
    """
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        if abs(cell) >= SAFE_NUMBER:
            raise CellRefused(LOST_DIGITS)
        return str(int(cell)) if cell == int(cell) else str(cell)
    if isinstance(cell, (date, datetime)):
        return cell.isoformat()[:10]
    return unicodedata.normalize("NFKC", str(cell or "")).strip() or None


def number(cell: object) -> str | None:
    """Return a document number as text; None where the cell is empty.

    Raises:
        CellRefused: a spreadsheet has rounded it.
    """
    typed = text(cell)
    if typed is not None and _SCIENTIFIC.fullmatch(typed):
        raise CellRefused(LOST_DIGITS)
    return typed


def day(cell: object) -> date | None:
    """Return a cell as a day; None where it is empty.

    Raises:
        CellRefused: it is no day.
    """
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    typed = text(cell)
    if typed is None:
        return None
    match = _DAY.fullmatch(typed.removesuffix(" 00:00:00"))
    try:
        return date(*map(int, match.groups())) if match else _refuse(NOT_A_DAY)
    except ValueError:
        raise CellRefused(NOT_A_DAY) from None


def chosen(cell: object, names: Mapping[str, T]) -> T | None:
    """Return what a cell names, by a Chinese name or by the value itself; None where empty.

    Raises:
        CellRefused: nothing has that name.
    """
    typed = text(cell)
    if typed is None:
        return None
    plain = typed.replace(" ", "")
    for name, value in names.items():
        if plain in (name, str(value)):
            return value
    shown = "、".join(names)
    raise CellRefused(Message(en=f"Must be one of: {shown}.", zh=f"应为以下之一：{shown}。"))


def items(cell: object, catalogue: Mapping[str, str]) -> tuple[str, ...]:
    """Return the operation items that a cell names, by code or by Chinese name.

    Args:
        cell: items between commas, spaces or slashes.
        catalogue: codes by name, as the catalogue of the day writes the names.

    Raises:
        CellRefused: an item is in no catalogue, or the cell is a number.
    """
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        raise CellRefused(AMBIGUOUS_ITEM)
    # Names that hold a separator (高处安装、维护、拆除作业) are found before the cell is split.
    left = text(cell) or ""
    found: list[str] = []
    for name in sorted(catalogue, key=len, reverse=True):
        for written in (name, name.removesuffix("作业")):
            if written in left:
                found.append(catalogue[name])
                left = left.replace(written, " ")
    codes = set(catalogue.values())
    parts = [part for part in _BETWEEN_ITEMS.split(left) if part]
    return tuple(sorted({*found, *(_item(part, codes) for part in parts)}))


def _item(part: str, codes: Iterable[str]) -> str:
    if not _ITEM_CODE.fullmatch(part) or part not in codes:
        message = Message(
            en="The catalogue has no such operation item.", zh="特种作业目录中没有该操作项目。"
        )
        raise CellRefused(message)
    return part


def _refuse(message: Message) -> date:
    raise CellRefused(message)
