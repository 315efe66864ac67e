"""Pure: what the cells of a roster name: sexes, documents, posts, operation items (名册单元格)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from server.errors import Message
from server.people.documents import DocumentType, Sex
from server.people.drafts import Education
from server.people.roster import PostRole
from server.sheets.cells import CellRefused, text

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

_ITEM_CODE = re.compile(r"[0-9]{1,2}\.[0-9]{1,2}", re.ASCII)
_BETWEEN_ITEMS = re.compile(r"[、,;/\s]+")

AMBIGUOUS_ITEM = Message(
    en="The cell is a number, so 5.1 and 5.10 look alike. Write the item's name, or format the "
    "column as text.",
    zh="该单元格为数值格式，无法区分 5.1 与 5.10。请填写操作项目名称，或将该列设为文本格式。",
)


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
