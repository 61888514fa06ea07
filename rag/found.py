"""What retrieving and reading found for a question, before anything is said."""

from dataclasses import dataclass, replace

from index.article import Filters
from rag.answer import Considered, Passage, Trace
from rag.read import Finding
from rag.retrieve import Candidate, Query, article_ref, passages

# A best finding less probable than this leaves a language model nothing to write from, and it is
# not asked to guess. Far below what is quoted: it reads better than the reader does.
WORTH_ASKING = 0.05
READ_SHOWN = 10  # sentences that a trace lists


@dataclass(frozen=True, slots=True)
class Found:
    """What retrieving and reading found for a question."""

    query: Query
    question: str
    candidates: tuple[Candidate, ...]
    findings: tuple[Finding, ...]
    shown: tuple[Passage, ...]
    filters: Filters | None

    @property
    def confidence(self) -> float | None:
        """How probable the best finding is."""
        return round(self.findings[0].probability, 4) if self.findings else None

    @property
    def worth_asking(self) -> bool:
        """Whether a language model has anything to write from."""
        return bool(self.findings) and self.findings[0].probability >= WORTH_ASKING

    def traced(self, told: Trace | None) -> Trace:
        """How this was found, added to what a language model was told."""
        return replace(
            told or Trace(),
            searched=tuple((want.term.word, round(want.weight, 3)) for want in self.query.wanted),
            retrieved=passages(self.candidates),
            read=tuple(
                Considered(
                    finding.quote,
                    round(finding.probability, 4),
                    article_ref(finding.candidate.article, finding.span.start),
                )
                for finding in self.findings[:READ_SHOWN]
            ),
        )
