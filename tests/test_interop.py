"""The engine inside LlamaIndex programs."""

import asyncio
import re
import shutil

import pytest
from llama_index.core import get_response_synthesizer
from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.llms import MockLLM
from llama_index.core.query_engine import (
    CitationQueryEngine,
    RetrieverQueryEngine,
    RouterQueryEngine,
)
from llama_index.core.selectors import LLMSingleSelector
from llama_index.core.tools import QueryEngineTool

from index.article import Filters
from index.errors import UsageError
from tests.conftest import ROOT
from tests.test_engine import UN_QUESTION

FIELDS = {"article_id", "title", "publisher", "author", "published", "url", "source"}


class Chooses(MockLLM):
    """Picks the first of a router's choices."""

    def complete(self, prompt, formatted=False, **kwargs):
        response = super().complete(prompt, formatted, **kwargs)
        response.text = '[{"choice": 1, "reason": "news"}]'
        return response


def assert_stands_in_its_article(engine, found):
    told = found.node.metadata
    assert set(told) >= FIELDS
    assert engine.article(told["article_id"]).text[told["start"] : told["end"]] == found.node.text
    assert (told["start"], told["end"]) == (found.node.start_char_idx, found.node.end_char_idx)


def test_the_retriever_gives_the_engines_passages_with_their_offsets(samples):
    retriever = samples.as_retriever(top_k=4)
    assert isinstance(retriever, BaseRetriever)
    found = retriever.retrieve(UN_QUESTION)
    passages = samples.retrieve(UN_QUESTION, 4)
    assert [(each.node.text, each.score) for each in found] == [
        (each.text, each.score) for each in passages
    ]
    assert len({each.node.node_id for each in found}) == 4
    for each in found:
        assert_stands_in_its_article(samples, each)


def test_the_retriever_keeps_to_its_filters(samples):
    retriever = samples.as_retriever(filters=Filters(publishers=("Cape Ledger",)))
    assert {each.node.metadata["publisher"] for each in retriever.retrieve(UN_QUESTION)} == {
        "Cape Ledger"
    }


def test_the_query_engine_gives_a_source_node_for_each_citation(samples):
    query_engine = samples.as_query_engine()
    assert isinstance(query_engine, BaseQueryEngine)
    response, answer = query_engine.query(UN_QUESTION), samples.ask(UN_QUESTION)
    assert str(response) == answer.text
    assert [each.node.text for each in response.source_nodes] == [
        each.quote for each in answer.citations
    ]
    assert [each.node.metadata["number"] for each in response.source_nodes] == [
        each.number for each in answer.citations
    ]
    for each in response.source_nodes:
        assert_stands_in_its_article(samples, each)
    told = response.metadata["answer"]
    assert told["short_answer"] == answer.short_answer
    assert told["citations"] == answer.to_dict()["citations"]


def test_a_refusal_has_no_sources(samples):
    response = samples.as_query_engine().query("How high is Mount Kilimanjaro?")
    assert str(response) == "The articles do not say."
    assert response.source_nodes == []
    assert response.metadata["answer"]["answered"] is False


def test_both_work_asynchronously_and_give_the_same(samples):
    async def both():
        return await asyncio.gather(
            samples.as_retriever().aretrieve(UN_QUESTION),
            samples.as_query_engine().aquery(UN_QUESTION),
        )

    found, response = asyncio.run(both())
    assert found == samples.as_retriever().retrieve(UN_QUESTION)
    assert str(response) == str(samples.as_query_engine().query(UN_QUESTION))


def test_a_question_that_makes_no_sense_is_the_engines_own_error(samples):
    with pytest.raises(UsageError, match="holds no word"):
        samples.as_query_engine().query("?!")


# Inside LlamaIndex's own parts


def test_a_query_engine_of_llamaindex_writes_from_our_passages(samples):
    synthesizer = get_response_synthesizer(llm=MockLLM(), response_mode="compact")
    query_engine = RetrieverQueryEngine(samples.as_retriever(top_k=3), synthesizer)
    response = query_engine.query(UN_QUESTION)
    assert "20,000 foreign fighters" in str(response)  # the mock repeats its prompt
    assert "article_id" not in str(response)
    assert "publisher: " in str(response)
    for each in response.source_nodes:
        assert_stands_in_its_article(samples, each)


def test_llamaindexs_citation_engine_takes_our_passages(samples):
    query_engine = CitationQueryEngine.from_args(
        None, retriever=samples.as_retriever(top_k=3), llm=MockLLM()
    )
    response = query_engine.query(UN_QUESTION)
    assert response.source_nodes[0].node.text.startswith("Source 1:")
    assert set(response.source_nodes[0].node.metadata) >= FIELDS


def test_a_router_hands_questions_to_our_query_engine(samples):
    tool = QueryEngineTool.from_defaults(samples.as_query_engine(), description="news articles")
    router = RouterQueryEngine(LLMSingleSelector.from_defaults(llm=Chooses()), [tool], MockLLM())
    response = router.query(UN_QUESTION)
    assert str(response) == samples.ask(UN_QUESTION).text
    assert_stands_in_its_article(samples, response.source_nodes[0])


def test_the_example_in_the_docs_runs(tmp_path, monkeypatch, capsys):
    page = (ROOT / "docs" / "llamaindex.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    shutil.copytree(ROOT / "samples" / "articles", tmp_path / "samples" / "articles")
    monkeypatch.chdir(tmp_path)
    exec(compile(example, "docs/llamaindex.md", "exec"), {})
    assert "at least 20,000 foreign fighters" in capsys.readouterr().out
