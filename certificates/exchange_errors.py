"""Why a subscription is refused, or a package is not taken in (数据交换拒绝)."""

from __future__ import annotations

from server.errors import DomainError


class ReceiverUnfit(DomainError):
    """Figures and lists go to authorities that answer for the region, and to nobody else."""

    code = "receiver_unfit"
    status = 422
    en = "Only an authority at or above the region can receive its figures."
    zh = "只有本行政区域或其上级的监管部门可以接收该区域数据。"


class PackageRefused(DomainError):
    """A package is not taken in; each subclass says for which reason."""

    code = "package_refused"
    status = 422
    en = "The package is not taken in."
    zh = "数据包不予接收。"


class PackageUntrusted(PackageRefused):
    """No key of the sender has signed it."""

    code = "package_untrusted"
    en = "The package is signed by no key of the sender."
    zh = "数据包签名不是发送方密钥所签。"


class PackageNotForUs(PackageRefused):
    """It was made for another receiver."""

    code = "package_not_for_us"
    en = "The package was made for somebody else."
    zh = "数据包的接收方不是本单位。"


class PackageOutOfDate(PackageRefused):
    """Its time is over, or has not begun."""

    code = "package_out_of_date"
    en = "The package is out of date."
    zh = "数据包不在有效期内。"


class PackageAltered(PackageRefused):
    """Something in it is not what was signed."""

    code = "package_altered"
    en = "The package is not what was signed: something is missing, added or changed."
    zh = "数据包内容与签名不符：有缺失、增加或改动。"


class PackageRepeated(PackageRefused):
    """It, or a later one, was taken in already."""

    code = "package_repeated"
    en = "Package {seq} was taken in already: the last one was {last}."
    zh = "第 {seq} 号数据包已接收过（最近一次为第 {last} 号）。"


class PackageMissed(PackageRefused):
    """One before it was never taken in, or was another."""

    code = "package_missed"
    en = "Package {seq} does not follow the last one that was taken in, {last}."
    zh = "第 {seq} 号数据包与最近接收的第 {last} 号不相衔接，可能有遗漏。"
