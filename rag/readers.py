"""Which reader a spec names."""

from collections.abc import Sequence

from index.errors import ModelError, UsageError
from rag.model_reader import ModelReader
from rag.read import FeatureReader, Finding, Reader
from rag.retrieve import Candidate, Query

TRAINED, FEATURES, EITHER = "trained", "features", "trained-or-features"


class FallbackReader:
    """The trained reader; the feature-based one where the trained one's weights cannot be used."""

    def __init__(self) -> None:
        self._reader: Reader = ModelReader()

    @property
    def enough(self) -> float:
        """That of the reader in use."""
        return self._reader.enough

    def read(self, query: Query, candidates: Sequence[Candidate]) -> list[Finding]:
        """Every sentence that could answer, best first."""
        try:
            return self._reader.read(query, candidates)
        except ModelError:
            self._reader = FeatureReader()
            return self._reader.read(query, candidates)


def open_reader(spec: "str | Reader | None" = None) -> Reader:
    """The reader for a spec: None or "trained", "features", "trained-or-features", or a Reader.

    Raises UsageError for an unknown spec. A missing or altered model is a ModelError at the first
    question, unless the spec allows the feature-based reader instead.
    """
    if spec is not None and not isinstance(spec, str):
        return spec
    if spec in {None, "", TRAINED}:
        return ModelReader()
    if spec == FEATURES:
        return FeatureReader()
    if spec == EITHER:
        return FallbackReader()
    raise UsageError(f"Unknown reader {spec!r}. Use {TRAINED!r}, {FEATURES!r} or {EITHER!r}.")
