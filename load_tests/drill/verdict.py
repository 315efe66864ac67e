"""Go or no go: what a drill must show, and how many candidates the server carries safely (判定)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from load_tests.drill.timetable import NAMES, REAL_PAUSE, REAL_SECONDS, Scene

#: Share of the CPU that a crowd may take; the rest is for what nobody has foreseen.
SAFE_SHARE = 0.7

#: Milliseconds within which 99 of 100 replies of an operation must be there.
MOST_P99_MS: dict[str, float] = {
    "start": 2000,
    "save": 1000,
    "catch_up": 5000,
    "submit": 2000,
    "outcome": 2000,
}

#: How operations are called for people.
OPERATIONS: dict[str, tuple[str, str]] = {
    "start": ("开考", "start"),
    "save": ("保存作答", "save"),
    "catch_up": ("断网后补传", "catch up"),
    "compare": ("核对已存作答", "compare"),
    "submit": ("交卷并评分", "hand in"),
    "outcome": ("查看成绩", "outcome"),
    "certificates": ("查看证书", "certificates"),
}

#: Operations of which a scene is made, for the cost of a candidate in it.
OF_SCENE: dict[Scene, tuple[str, ...]] = {
    Scene.RUSH: ("start",),
    Scene.DAY: ("save",),
    Scene.COMEBACK: ("catch_up",),
    Scene.LAST_MINUTE: ("save", "submit"),
    Scene.RESULTS: ("outcome", "certificates"),
}


@dataclass(frozen=True, kw_only=True)
class Played:
    """A scene as it was played."""

    scene: Scene
    #: How many candidates took part, and how many operations they asked.
    candidates: int
    count: int
    #: CPU seconds that the crowd cost the server with its database, beyond what they spend idle.
    cpu_seconds: float
    phones_cpu_seconds: float
    #: How long it was.
    seconds: float
    #: Milliseconds of its operations, by percentile.
    p50_ms: float = 0.0
    p95_ms: float = 0.0
    p99_ms: float = 0.0

    @property
    def cpu_ms(self) -> float:
        """CPU milliseconds of the server and its database for one operation."""
        return self.cpu_seconds * 1000 / self.count if self.count else 0.0

    def carries(self, cores: float) -> int | None:
        """Return how many candidates may play this scene in its real time; None where untold.

        Args:
            cores: that the server and its database may spend on them.
        """
        if not self.candidates or not self.cpu_seconds:
            return None
        if self.scene is Scene.DAY:
            return int(cores * REAL_PAUSE * 1000 / self.cpu_ms)
        each = self.cpu_seconds / self.candidates
        return int(cores * REAL_SECONDS[self.scene] / each)


@dataclass(frozen=True, kw_only=True)
class Check:
    """One thing that must hold for an exam to go ahead."""

    zh: str
    en: str
    found: str
    wanted: str
    holds: bool


@dataclass(frozen=True, kw_only=True)
class Drilled:
    """All that is known of a drill when the verdict is spoken."""

    #: Candidates asked for, and those who were there to the end.
    wanted: int
    finished: int
    #: CPU cores that the server and its database can use.
    cores: float
    #: Cores that they take while nobody asks anything.
    idle_cores: float = 0.0
    scenes: list[Played]
    #: p99 in milliseconds, by operation.
    p99_ms: Mapping[str, float]
    #: Counts of the phones.
    counts: Mapping[str, int]
    asked: int = 0
    bad: int = 0
    #: Share of the machine that went to what has nothing to do with the drill.
    others: float = 0.0

    @property
    def limits(self) -> dict[Scene, int]:
        """How many candidates each scene allows."""
        cores = max(0.0, self.cores * SAFE_SHARE - self.idle_cores)
        found = {one.scene: one.carries(cores) for one in self.scenes}
        return {scene: count for scene, count in found.items() if count is not None}

    @property
    def bottleneck(self) -> Scene | None:
        """The scene that allows the fewest."""
        return min(self.limits, key=lambda scene: self.limits[scene], default=None)

    @property
    def safe(self) -> int:
        """How many candidates this server carries safely; 0 where something went wrong.

        Reckoned from the CPU that each scene cost, at 70 % of what the server can use; where no
        gauge could be read, only what was tried counts.
        """
        if not all(check.holds for check in self.conditions()):
            return 0
        if self.bottleneck is None:
            return self.wanted
        return rounded(self.limits[self.bottleneck])

    @property
    def go(self) -> bool:
        """Whether an exam of as many candidates as were asked for may go ahead."""
        return self.safe >= self.wanted

    def checks(self) -> list[Check]:
        """Return everything that was looked at."""
        zh = f"服务器 CPU 按 {SAFE_SHARE:.0%} 上限推算的承载人数"
        en = f"candidates at {SAFE_SHARE:.0%} of the CPU"
        if self.bottleneck is None:
            zh = "承载人数（读不到服务器 CPU，只算实际试过的）"
            en = "candidates, no more than were tried: the CPU of the server could not be read"
        reckoned = Check(
            zh=zh,
            en=en,
            found=f"{self.safe:,}",
            wanted=f"≥ {self.wanted:,}",
            holds=self.go,
        )
        return [*self.conditions(), reckoned]

    def conditions(self) -> Iterator[Check]:
        """Yield what must hold whatever the number of candidates."""
        for name, zh, en in (
            ("lost", "已确认作答丢失", "acknowledged entries lost"),
            ("doubled", "作答重复", "entries doubled"),
            ("invented", "多出的作答", "entries nobody sent"),
            ("refused", "被拒收的作答", "entries refused"),
            ("given_up", "最终失败的请求", "requests that failed for good"),
        ):
            found = self.counts.get(name, 0)
            yield Check(zh=zh, en=en, found=f"{found:,}", wanted="0", holds=found == 0)
        yield Check(
            zh="走完全程的考生",
            en="candidates who came to the end",
            found=f"{self.finished:,}",
            wanted=f"{self.wanted:,}",
            holds=self.finished >= self.wanted,
        )
        share = self.bad / self.asked if self.asked else 1.0
        yield Check(
            zh="需要重试的请求",
            en="requests sent again",
            found=f"{share:.2%}",
            wanted="≤ 1%",
            holds=share <= 0.01,
        )
        for operation, most in MOST_P99_MS.items():
            if operation in self.p99_ms:
                zh, en = OPERATIONS[operation]
                p99 = self.p99_ms[operation]
                yield Check(
                    zh=f"{zh}：99% 的应答时间",
                    en=f"{en}: p99",
                    found=f"{p99:,.0f} ms",
                    wanted=f"≤ {most:,.0f} ms",
                    holds=p99 <= most,
                )


def rounded(count: int) -> int:
    """Return a number that promises no more than two digits can: 12,345 is 12,000."""
    digits = max(0, len(str(count)) - 2)
    return int(count // 10**digits * 10**digits)


def named(scene: Scene) -> tuple[str, str]:
    """Return what a scene is called in Chinese and in English."""
    return NAMES[scene]
