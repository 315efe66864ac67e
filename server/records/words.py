"""Pure: what a printed file calls what the platform keeps by a code (档案用语)."""

from __future__ import annotations

from typing import Any

#: The words by their codes: sex, education, documents, roles of posts, levels of an induction,
#: what became of posts and certificates, kinds of copies, and who confirmed.
WORDS = {
    "male": "男",
    "female": "女",
    "primary": "小学",
    "junior_secondary": "初中",
    "senior_secondary": "高中",
    "vocational_secondary": "中专、技校",
    "college": "大专",
    "bachelor": "本科",
    "postgraduate": "研究生",
    "resident_identity_card": "居民身份证",
    "hong_kong_macao_permit": "港澳居民来往内地通行证",
    "taiwan_permit": "台湾居民来往大陆通行证",
    "hong_kong_macao_residence_permit": "港澳居民居住证",
    "taiwan_residence_permit": "台湾居民居住证",
    "foreign_permanent_residence": "外国人永久居留身份证",
    "passport": "护照",
    "principal": "主要负责人",
    "safety_manager": "安全生产管理人员",
    "full_time_safety_manager": "专职安全生产管理人员",
    "occupational_health_manager": "职业卫生管理人员",
    "special_operations_worker": "特种作业人员",
    "mining_engineer": "矿山专业技术人员",
    "employee": "其他从业人员",
    "enforcement_officer": "监管执法人员",
    "regulator_staff": "监管部门工作人员",
    "township_safety_leader": "乡镇（街道）安全生产分管负责人",
    "construction_principal": "建筑施工企业主要负责人（A 类）",
    "construction_project_leader": "建筑施工企业项目负责人（B 类）",
    "construction_safety_manager": "建筑施工企业专职安全生产管理人员（C 类）",
    "plant": "厂级",
    "workshop": "车间级",
    "team": "班组级",
    "began": "任职",
    "ended": "离任",
    "issued": "发证",
    "suspended": "暂扣",
    "reinstated": "恢复",
    "reviewed": "复审",
    "revoked": "撤销",
    "replaced": "换发",
    "cancelled": "注销",
    "voided": "作废",
    "identity_front": "身份证人像面",
    "identity_back": "身份证国徽面",
    "education": "学历证书",
    "health": "体检证明",
    "skill": "技能等级、职称证书",
    "decision": "决定书",
    "training": "培训考核材料",
    "other": "其他材料",
    "worker": "本人",
    "assessor": "考核人",
}


def word(value: Any) -> str:
    """Return how a code is said; what is no code is said as it stands, and nothing as a dash."""
    return "—" if value is None else WORDS.get(str(value), str(value))
