"""Claim–quote pairs: those written on the samples, and those made by rule from articles."""

import json
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks import claim_alterations as rules
from index.article import Document, Metadata
from index.clean import prepare
from index.load import find_sources, load
from index.sentences import split_sentences
from rag.checking.evidence import Cited

ROOT = Path(__file__).resolve().parent.parent
WRITTEN = ROOT / "tests" / "data" / "claims.jsonl"
SAMPLES = ROOT / "samples" / "articles"
SEED = 5


@dataclass(frozen=True, slots=True)
class Pair:
    """A claim, its evidence, and what was altered in it (None: it is true)."""

    id: str
    claim: str
    evidence: tuple[Cited, ...]
    alteration: str | None
    half: str


def articles(folder: Path) -> dict[str, tuple[str, Metadata]]:
    """Cleaned text and metadata of each article of a folder, by its file's name."""
    found = {}
    for path in find_sources([folder]):
        for document in load(path):
            if isinstance(document, Document):
                found[Path(document.source).name] = prepare(document)
    return found


def cited(text: str, quote: str, published: str | None) -> Cited:
    """A quote with what stands before it in its article."""
    start = text.index(quote)
    return Cited(quote, text[:start], published)


def written() -> list[Pair]:
    """The pairs of tests/data/claims.jsonl."""
    known = articles(SAMPLES)
    pairs = []
    for line in WRITTEN.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        evidence = []
        for one in row["evidence"]:
            text, metadata = known[one["article"]]
            evidence.append(cited(text, one["quote"], metadata.published))
        pairs.append(Pair(row["id"], row["claim"], tuple(evidence), row["alteration"], row["half"]))
    return pairs


def _sentences(text: str) -> list[str]:
    found = [text[span.start : span.end] for span in split_sentences(text)]
    return [
        one for one in found if 7 <= len(one.split()) <= 45 and one[0].isupper() and one[-1] == "."
    ]


def _of_sentence(
    sentence: str, others: Sequence[str], speakers: Sequence[str], draw: random.Random
) -> Iterable[tuple[str, str | None]]:
    """A paraphrase and the alterations of one sentence."""
    told = rules.paraphrase(sentence, draw)
    base = told or sentence
    if told:
        yield told, None
    made = {
        "number": rules.number(base, draw),
        "date": rules.date(base, draw),
        "name": rules.rename(base, others, draw),
        "negation": rules.negation(base, draw),
        "attribution": rules.attribute(sentence, speakers, draw),
    }
    for kind, claim in made.items():
        if claim and claim != base:
            yield claim, kind


def generated(folder_articles: dict[str, tuple[str, Metadata]]) -> list[Pair]:
    """Pairs made by rule from each sentence; the same for the same articles."""
    draw = random.Random(SEED)
    pairs: list[Pair] = []
    pool = {
        source: [n for s in _sentences(text) for n in rules.names(s)]
        for source, (text, _) in folder_articles.items()
    }
    for source, (text, metadata) in folder_articles.items():
        sentences = _sentences(text)
        others = sorted(set(pool[source])) or sorted({n for names in pool.values() for n in names})
        speakers = sorted({m["who"] for s in sentences if (m := rules._SAID.match(s))}) or others
        for number, sentence in enumerate(sentences):
            quote = (cited(text, sentence, metadata.published),)
            for claim, kind in _of_sentence(sentence, others, speakers, draw):
                pairs.append(Pair(f"{source}-{number}-{kind}", claim, quote, kind, "generated"))
            second = draw.choice(sentences)
            if second != sentence and (claim := rules.mix(sentence, second)):
                both = (*quote, cited(text, second, metadata.published))
                pairs.append(Pair(f"{source}-{number}-mixed", claim, both, "mixed", "generated"))
    return pairs
