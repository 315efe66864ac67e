"""The timetable of a drill: which scene is played when, as plain values (演练时间表)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum


class Scene(StrEnum):
    """What a crowd of candidates does to a server, in the order of an exam day."""

    #: Phones are switched on; nothing is asked yet.
    WARM_UP = "warm_up"
    #: Everybody starts at once.
    RUSH = "rush"
    #: Two hours of answering, compressed.
    DAY = "day"
    #: The network is away; phones go on and keep what is said.
    OUTAGE = "outage"
    #: The network is back, and every phone sends all it has kept.
    COMEBACK = "comeback"
    #: Every phone asks what the server holds, and holds its own ledger against it.
    COMPARISON = "comparison"
    #: Everybody hands in.
    LAST_MINUTE = "last_minute"
    #: Everybody looks at the outcome, again and again.
    RESULTS = "results"


#: How a scene is called for people.
NAMES: dict[Scene, tuple[str, str]] = {
    Scene.WARM_UP: ("候考", "waiting"),
    Scene.RUSH: ("九点同时开考", "nine o’clock"),
    Scene.DAY: ("两小时作答（压缩）", "two hours, compressed"),
    Scene.OUTAGE: ("断网", "no network"),
    Scene.COMEBACK: ("恢复后同时补传", "all come back"),
    Scene.COMPARISON: ("逐条核对底账", "ledgers compared"),
    Scene.LAST_MINUTE: ("最后一分钟交卷", "last minute"),
    Scene.RESULTS: ("公布成绩", "result day"),
}

#: Seconds within which the crowd of a real exam does what a scene is about. The day itself is told
#: by the pause between two saves.
REAL_SECONDS: dict[Scene, float] = {
    Scene.RUSH: 60.0,
    Scene.COMEBACK: 60.0,
    Scene.LAST_MINUTE: 60.0,
    Scene.RESULTS: 300.0,
}

#: Seconds between two saves of a phone in a real exam.
REAL_PAUSE = 60.0


@dataclass(frozen=True, kw_only=True)
class Timetable:
    """How many seconds each scene takes, one after the other."""

    warm_up: float
    rush: float
    day: float
    outage: float
    comeback: float
    comparison: float
    last_minute: float
    results: float
    #: Seconds between two saves of a phone in the compressed day, half more or less.
    pause: float
    #: Seconds within which everybody starts, comes back, and hands in.
    within: float

    def scenes(self) -> Iterator[tuple[Scene, float, float]]:
        """Yield each scene with its first second and the second after its last."""
        begin = 0.0
        for scene in Scene:
            end = begin + float(getattr(self, scene.value))
            yield scene, begin, end
            begin = end

    def begin(self, scene: Scene) -> float:
        """Return the first second of a scene."""
        return next(begin for one, begin, _ in self.scenes() if one is scene)

    def end(self, scene: Scene) -> float:
        """Return the second after the last of a scene."""
        return next(end for one, _, end in self.scenes() if one is scene)

    def at(self, second: float) -> Scene:
        """Return the scene at a second; before the first and after the last, those."""
        for scene, _, end in self.scenes():
            if second < end:
                return scene
        return Scene.RESULTS

    @property
    def seconds(self) -> float:
        """How long the whole drill takes."""
        return self.end(Scene.RESULTS)

    def written(self) -> str:
        """Return it as text, for another process to read."""
        return json.dumps(asdict(self))

    @classmethod
    def read(cls, text: str) -> Timetable:
        """Read what `written` has returned."""
        return cls(**json.loads(text))


#: A drill of eleven minutes.
FULL = Timetable(
    warm_up=40,
    rush=30,
    day=300,
    outage=60,
    comeback=40,
    comparison=30,
    last_minute=60,
    results=90,
    pause=5,
    within=10,
)

#: A drill of a minute and a half, to see that everything is in place.
SHORT = Timetable(
    warm_up=8,
    rush=10,
    day=24,
    outage=10,
    comeback=10,
    comparison=6,
    last_minute=12,
    results=16,
    pause=2,
    within=3,
)
