"""What stands in the way of batches of certificates and of what is printed (拒绝)."""

from __future__ import annotations

from server.errors import DomainError


class BatchEmpty(DomainError):
    """Nobody is named for whom a certificate could be issued."""

    code = "batch_empty"
    status = 422
    en = "The batch names nobody: name people, or an exam that somebody passed."
    zh = "批次中没有人员：请列出人员，或指定有人合格的考试。"


class BatchPeopleUnknown(DomainError):
    """Some of the people named are not registered."""

    code = "batch_people_unknown"
    status = 422
    en = "{count} of the people named are not registered here, or are named twice."
    zh = "所列人员中有 {count} 人未登记或重复。"


class BatchDecided(DomainError):
    """The batch was approved or rejected before."""

    code = "batch_decided"
    en = "The batch was decided before."
    zh = "该批次已经审定。"


class BatchProposerDecides(DomainError):
    """Who proposed a batch would look at it or decide about it."""

    code = "batch_proposer_decides"
    en = "Another officer than the one who proposed the batch looks at it and decides."
    zh = "批次须由提出人以外的工作人员审核、审定。"


class NotSampled(DomainError):
    """The line was not drawn to be looked at."""

    code = "not_sampled"
    en = "This line was not drawn for inspection."
    zh = "该条未被抽中审核。"


class SampleOpen(DomainError):
    """Lines that were drawn were not looked at yet."""

    code = "sample_open"
    en = "{count} of the lines drawn were not looked at yet."
    zh = "还有 {count} 条抽样未审核。"


class SampleUnsound(DomainError):
    """A line that was looked at was found unsound."""

    code = "sample_unsound"
    en = "{count} of the lines drawn are unsound: reject the batch and propose it anew."
    zh = "抽样中有 {count} 条不合格：请退回该批次，更正后重新提出。"


class NothingToPrint(DomainError):
    """None of the places asked for has a certificate."""

    code = "nothing_to_print"
    en = "No certificate was issued at these places of the batch."
    zh = "该批次的这些位置没有已签发的证书。"


class SealMissing(DomainError):
    """There is no X.509 certificate with which printed certificates are signed."""

    code = "seal_missing"
    en = "Printed certificates cannot be signed here: the certificate of the seal is missing."
    zh = "本平台未配置电子签章证书，无法生成已签名的证书文件。"


class CredentialsUnavailable(DomainError):
    """Credentials cannot be exported: the address outside, or the key of proofs, is missing."""

    code = "credentials_unavailable"
    en = "Credentials cannot be exported here: PUBLIC_URL or the key of proofs is missing."
    zh = "本平台未配置对外地址或凭证签名密钥，无法导出可验证凭证。"
