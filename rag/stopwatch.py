"""How long each stage of an answer takes."""

import time


class Stopwatch:
    """Collects the seconds of named stages; time between `stop` and `restart` is nobody's.

    `spans` has the same stages as times of the clock, in nanoseconds since 1970.
    """

    def __init__(self) -> None:
        self.stages: dict[str, float] = {}
        self.spans: dict[str, tuple[int, int]] = {}
        self._since = time.perf_counter_ns()

    def restart(self) -> None:
        """Begin the next stage now."""
        self._since = time.perf_counter_ns()

    def stop(self, stage: str) -> None:
        """End a stage; the next begins at once."""
        now, clock = time.perf_counter_ns(), time.time_ns()
        self.stages[stage] = round((now - self._since) / 1e9, 5)
        self.spans[stage] = (clock - (now - self._since), clock)
        self._since = now

    @property
    def total(self) -> float:
        """Seconds of all stages together."""
        return round(sum(self.stages.values()), 5)
