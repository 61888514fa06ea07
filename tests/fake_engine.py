"""An engine with meaning: it answers with the sentences that share the question's words."""

import re
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

from index.article import Article, Metadata
from index.errors import UsageError
from index.records import ArticleRow
from rag.answer import (
    Answer,
    ArticleRef,
    Citation,
    Coverage,
    Passage,
    Refusal,
    Retrieved,
    Sentence,
    TextDelta,
)
from tests.hostile import HOSTILE


def article(identity, text, **known):
    return Article(identity, 1, f"{identity}.txt", text, Metadata(**known))


ARTICLES = (
    article(
        "wire-1",
        "TUNIS, December 3. The United Nations believes that at least 20,000 foreign fighters and "
        "mercenaries are on Libyan soil, its acting envoy said on Wednesday.\n\n"
        + "No group has begun to pack up, a diplomat in Tunis said.\n\n" * 30
        + "Ten military bases are wholly or partly in the hands of foreign forces.",
        title="UN says at least 20,000 foreign fighters remain in Libya",
        publisher="Harbour Wire",
        author="Ines Calder",
        published="2020-12-03",
        url="https://harbourwire.example/2020/12/fighters",
    ),
    article(
        "courier-1",
        "Libya hosts 20,000 foreign fighters, the UN envoy warned.\n\nMercenaries show no sign of "
        "leaving, and delay would cost the country dearly.",
        title="Mercenaries show no sign of leaving Libya",
        publisher="Eastbay Courier",
        published="2020-12-04",
    ),
    article("note", "The coastal road between Sirte and Misrata was declared open in June."),
)


def words(text):
    return set(re.findall(r"\w{3,}", text.lower()))


def reference(item):
    known = item.metadata
    return ArticleRef(
        item.id, known.title, known.publisher, known.author, known.published, known.url, item.source
    )


class FakeEngine:
    def __init__(self, articles=ARTICLES):
        self._articles = {item.id: item for item in articles}
        self.histories = []
        self._folder = mkdtemp()

        self.variants = []

    llm_name = None
    is_strict = False

    @property
    def home(self):
        return Path(self._folder)

    def variant(self, **chosen):
        self.variants.append(chosen)
        return self

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self._articles = {}
        rmtree(self._folder, ignore_errors=True)

    llm_name = None

    def in_bin(self):
        return []

    def retrieve(self, question, top_k=10, filters=None):
        wanted = words(question)
        found = [
            Passage(match[0], match.start(), match.end(), float(score), reference(item))
            for item in self._articles.values()
            if not (filters and filters.publishers) or item.metadata.publisher in filters.publishers
            for match in re.finditer(r"[^.\s][^\n]*?\w\W*\.(?=\s|$)", item.text)
            if (score := len(wanted & words(match[0])))
        ]
        return sorted(found, key=lambda passage: -passage.score)[:top_k]

    def ask(self, question, history=(), filters=None):
        *_, answer = self.stream(question, history, filters)
        return answer

    def stream(self, question, history=(), filters=None):
        if not question.strip():
            raise UsageError("The question is empty: type one.")
        if len(question) > 2000:
            raise UsageError(f"The question has {len(question):,} characters; 2,000 is the most.")
        self.histories.append(tuple(history))
        passages = tuple(self.retrieve(question, 200, filters))
        yield Retrieved(passages)
        best = [item for item in passages if item.score >= 3]
        if not best:
            refusal = Refusal("The articles do not say.", passages[:3], self.coverage())
            yield self._answer(question, "", (), (), passages, refusal)
            return
        marks = "".join(f"[{number}]" for number in range(1, len(best) + 1))
        text = f"{best[0].text} {marks}"
        for start in range(0, len(text), 16):
            yield TextDelta(text[start : start + 16])
        citations = tuple(
            Citation(number, item.text, item.start, item.end, item.article)
            for number, item in enumerate(best, 1)
        )
        sentences = (Sentence(text, "supported", tuple(range(1, len(best) + 1))),)
        yield self._answer(question, text, sentences, citations, passages, None)

    def _answer(self, question, text, sentences, citations, passages, refusal):
        return Answer(
            question=question,
            text=text,
            short_answer=None,
            answered=refusal is None,
            sentences=sentences,
            citations=citations,
            passages=passages,
            origins=None,
            figures=None,
            refusal=refusal,
            confidence=None,
            engine="extractive",
            seconds=0.04,
            timings={},
        )

    def articles(self):
        return [
            ArticleRow(
                item.id, 1, item.source, item.metadata, 1, len(item.text), "2024-05-01T00:00:00Z"
            )
            for item in self._articles.values()
        ]

    def article(self, identity, revision=None):
        found = self._articles.get(identity)
        return found if found and revision in {None, found.revision} else None

    def revisions(self, identity):
        found = self._articles.get(identity)
        return [(found.revision, "2024-05-01T00:00:00+00:00")] if found else []

    def coverage(self):
        known = [item.metadata for item in self._articles.values()]
        days = sorted(item.published for item in known if item.published)
        outlets = tuple(sorted({item.publisher for item in known if item.publisher}))
        return Coverage(len(known), outlets, days[0] if days else None, days[-1] if days else None)


def hostile_engine():
    """Articles whose every field attacks; each text is found by "foreign fighters"."""
    return FakeEngine(
        article(
            f"h{number}",
            f"The foreign fighters said {words} about Libya. And {words} again.",
            title=words,
            publisher=words,
            author=words,
            published="2020-12-03",
            url=words,
        )
        for number, words in enumerate(HOSTILE)
    )
