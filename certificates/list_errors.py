"""Why a signed list is not believed: trust list, status list (名单拒绝)."""

from __future__ import annotations

from server.errors import DomainError


class ListRefused(DomainError):
    """A signed list is not to be believed; each subclass says for which reason."""

    code = "list_refused"
    status = 422
    en = "The list is not genuine."
    zh = "名单无效。"


class ListMalformed(ListRefused):
    """The bytes are not such a list in its one canonical form."""

    code = "list_malformed"
    en = "These bytes are not such a list in its one canonical form."
    zh = "内容不是规范编码的名单。"


class ListUntrusted(ListRefused):
    """No pinned root, or no key that the trust list names for it, has signed the list."""

    code = "list_untrusted"
    en = "The list is signed by nobody who may sign it."
    zh = "名单的签名者无权签发该名单。"


class ListRolledBack(ListRefused):
    """A newer list was seen before."""

    code = "list_rolled_back"
    en = "A list with number {known} was seen before; this one has number {seq}."
    zh = "此前已见过编号 {known} 的名单，本名单编号为 {seq}，属于回退。"


class ListExpired(ListRefused):
    """The list says itself that it is no longer to be relied on."""

    code = "list_expired"
    en = "The list was to be relied on until {until} only."
    zh = "名单有效期至 {until}，已过期。"


class ListOfAnother(ListRefused):
    """The list is about other certificates than it was asked for."""

    code = "list_of_another"
    en = "The list is about other certificates."
    zh = "名单对应的不是该类证书。"


class NothingPublished(DomainError):
    """No such list has been signed yet."""

    code = "nothing_published"
    status = 404
    en = "No such list has been signed yet."
    zh = "尚未签发该名单。"


class RootMissing(DomainError):
    """No root is pinned here, so that no trust list can be accepted."""

    code = "root_missing"
    en = "No root key is pinned: put the public keys of the roots into {path}."
    zh = "未配置根公钥：请将根公钥放入 {path}。"


class NoTrustList(ListRefused):
    """The verifier holds no trust list yet, so that it can believe nobody."""

    code = "no_trust_list"
    en = "There is no trust list on this device yet: open this page once with a network."
    zh = "本机尚无信任名单，请先联网打开本页一次。"
