"""Refusals of long work (任务的拒绝)."""

from __future__ import annotations

from server.errors import DomainError


class JobOver(DomainError):
    """The job has come to its end: there is nothing to stop any more."""

    code = "job_over"
    status = 409
    en = "The job has come to its end already."
    zh = "任务已经结束。"


class TooManyJobs(DomainError):
    """Somebody has more work waiting than one person may."""

    code = "too_many_jobs"
    status = 429
    en = "You have {most} jobs that have not ended yet. Wait for one, or cancel one."
    zh = "您已有 {most} 个未结束的任务，请等待或取消其中一个。"

    def __init__(self, *, most: int) -> None:
        super().__init__(most=most)


class JobDied(DomainError):
    """The process that did the job ended in the midst of it, again and again."""

    code = "job_died"
    status = 500
    en = "The job ended its process {tries} times and was given up."
    zh = "任务 {tries} 次使处理进程中断，已停止重试。"

    def __init__(self, *, tries: int) -> None:
        super().__init__(tries=tries)


class JobFailed(DomainError):
    """The job met a mistake of the platform."""

    code = "job_failed"
    status = 500
    en = "The job failed by a mistake of the platform; the operator finds its id in the log."
    zh = "平台出错，任务失败；运维人员可在日志中按任务编号查找。"
