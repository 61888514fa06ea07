"""How long each stage of an answer takes."""

import time


class Stopwatch:
    """Collects the seconds of named stages; time between `stop` and `restart` is nobody's."""

    def __init__(self) -> None:
        self.stages: dict[str, float] = {}
        self._since = time.perf_counter()

    def restart(self) -> None:
        """Begin the next stage now."""
        self._since = time.perf_counter()

    def stop(self, stage: str) -> None:
        """End a stage; the next begins at once."""
        now = time.perf_counter()
        self.stages[stage] = round(now - self._since, 5)
        self._since = now

    @property
    def total(self) -> float:
        """Seconds of all stages together."""
        return round(sum(self.stages.values()), 5)
