"""The comparison with LlamaIndex judges rankings rightly and takes its peers' passages exactly."""

from pathlib import Path

import numpy as np
import pytest

from benchmarks.peers.compare import Compared, Measured
from benchmarks.peers.corpora import Corpus
from benchmarks.peers.judge import ArticleQuestion, EvidenceQuestion, within
from benchmarks.peers.llama import QuickStart, Setting
from benchmarks.peers.measure import Quality, Taken
from benchmarks.peers.report import report
from index.article import Article, Metadata
from rag.evaluation.locate import Place


def test_only_so_many_characters_are_handed_over() -> None:
    found = [Place("a", 10, 40), Place("b", 0, 100), Place("c", 0, 5)]
    assert list(within(found, 50)) == [Place("a", 10, 40), Place("b", 0, 20)]


def test_evidence_counts_where_a_passage_overlaps_it() -> None:
    question = EvidenceQuestion("Who?", ((Place("b", 2500, 2600),),))
    found = [Place("a", 0, 900), Place("b", 0, 900), Place("b", 900, 2501)]
    scores = question.scores(found, top_k=2)
    assert scores["evidence hit@1"] == scores["evidence handed over"] == 0
    assert scores["evidence hit@5"] == 1
    assert scores["evidence MRR@10"] == pytest.approx(1 / 3)
    assert scores["evidence in the first 2,000 characters"] == 0


def test_an_article_stands_where_its_best_passage_does() -> None:
    question = ArticleQuestion("Who?", frozenset({"b"}))
    found = [Place("a", 0, 9), Place("a", 9, 20), Place("b", 0, 9), Place("b", 9, 20)]
    scores = question.scores(found, top_k=2)
    assert scores["MRR@10"] == 0.5
    assert scores["nDCG@10"] == pytest.approx(1 / np.log2(3))


def test_a_peers_passages_have_their_exact_place(tmp_path: Path) -> None:
    text = "\n\n".join(f"In year {n} the bakery won.  Its bread\nis dark." for n in range(30))
    articles = [Article("one", 1, "one.txt", text, Metadata(title="Bread"))]
    peer = QuickStart(articles, Setting(tokens=80, overlap=5, top_k=2), tmp_path)
    peer.ingest()
    found = sorted(peer.search("bread", 50), key=lambda place: place.start)
    assert len(found) == peer.chunk_count() > 3
    covered = {at for place in found for at in range(place.start, place.end)}
    assert {at for at, char in enumerate(text) if not char.isspace()} <= covered
    assert peer.size() > 0


def test_the_table_has_a_column_for_each_peer() -> None:
    corpus = Corpus("s", "Samples", Path(), "hit", lambda engine: [])
    peers = tuple(
        Measured(name, "9, 0", 2, 7, Quality({"hit": hits}, np.ones(9)), Taken(3, 4), hits, 10**6)
        for name, hits in (("theirs", np.zeros(9)), ("ours", np.ones(9)))
    )
    text = report([Compared(corpus, 3, 9, peers)], "2 cores.")
    assert "| hit | 0.000 [0.000, 0.000] | 1.000 [1.000, 1.000] |" in text
    assert "| Samples: hit | +1.000 [+1.000, +1.000], p = 0.004 |" in text
