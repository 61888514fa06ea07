"""How an answer came about: its trace, the terminal's explanation, OpenTelemetry spans."""

import os
import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest

import rag
from index.article import Metadata
from index.records import ArticleRow
from rag.subjects import subjects
from tests.streaming_llm import says, streaming_llm
from tests.test_cli import DATELINE
from tests.test_engine import UN_QUESTION
from ui.explain import explain_text

SECRET = "sk-very-secret-0123456789"
WRITTEN = (
    "The United Nations believes that at least 20,000 foreign fighters are on Libyan soil [1]. "
    "Norway sent 350 warships to Benghazi in 1987 [1][99]."
)


@pytest.fixture
def written(samples, monkeypatch):
    """An answer by a model that has a key, with a true sentence and a false one."""
    monkeypatch.setenv("OPENAI_API_KEY", SECRET)
    with streaming_llm(says(WRITTEN)) as llm, rag.connect(samples.home, llm=llm.spec) as engine:
        return engine.ask(UN_QUESTION)


def test_a_trace_holds_the_prompt_and_what_became_of_each_sentence(written):
    trace = written.trace
    assert f"Question: {UN_QUESTION}" in trace.prompt
    assert 200 < trace.prompt_tokens < 4000
    assert [check.support for check in trace.checks] == ["supported", "unsupported"]
    assert trace.checks[1].cited == (1, 99)
    assert trace.checks[1].asked_again
    assert "Norway" in trace.checks[1].problems
    assert len(trace.retrieved) == 10
    assert trace.read[0].probability == max(one.probability for one in trace.read)


def test_an_explanation_tells_each_step(written):
    told = explain_text(written)
    for part in (
        "Searched",
        "Retrieved (score)",
        "Read (how probably",
        "Prompt (",
        "asked for again",
    ):
        assert part in told
    assert "100 read, 20 written" in told.replace("200 read, 40 written", "100 read, 20 written")
    assert "write " in told.splitlines()[-1]


def test_no_key_is_in_answer_trace_or_explanation(written):
    assert SECRET not in str(written.to_dict(explain=True))
    assert SECRET not in explain_text(written)


def test_json_holds_the_trace_only_when_asked_for(written):
    assert "trace" not in written.to_dict()
    assert written.to_dict(explain=True)["trace"]["checks"][0]["support"] == "supported"


def test_a_quoted_answer_is_explained_without_a_prompt(samples):
    answer = samples.ask(UN_QUESTION)
    told = explain_text(answer)
    assert answer.trace.prompt is None
    assert "Prompt" not in told
    assert "foreign" in told.splitlines()[0]


def test_spans_tell_stages_and_counts_but_no_text(written, samples, monkeypatch):
    from opentelemetry import trace
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

    kept = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(kept))
    monkeypatch.setattr(trace, "get_tracer", provider.get_tracer)
    samples.ask(UN_QUESTION)
    spans = {span.name: span for span in kept.get_finished_spans()}
    assert spans.keys() == {
        "dateline.ask", "dateline.understand", "dateline.retrieve", "dateline.read"
    }  # fmt: skip
    whole = spans["dateline.ask"]
    assert all(
        whole.start_time <= span.start_time <= span.end_time <= whole.end_time
        for span in spans.values()
    )
    assert spans["dateline.read"].parent.span_id == whole.context.span_id
    assert whole.attributes["dateline.answered"] is True
    assert "foreign" not in str([dict(span.attributes) for span in spans.values()])


def row(title, publisher="Harbour Wire"):
    return ArticleRow("a", 1, "a.txt", Metadata(title, publisher), 1, 100, "2024-01-01T00:00:00Z")


def test_subjects_are_the_names_in_most_titles_not_the_outlet_nor_a_month():
    rows = [
        row("Libya: talks in Geneva resume"),
        row("Libya and Turkey sign in March"),
        row("Turkey leaves Libya in March"),
        row("Harbour Wire: Harbour opens"),
        row("Harbour Wire: the week"),
        row(None, None),
    ]
    assert subjects(rows) == ("Libya", "Turkey")
    assert subjects([]) == ()


def test_the_command_sends_spans_to_the_collector_that_the_environment_names(samples):
    import grpc
    from opentelemetry.proto.collector.trace.v1 import trace_service_pb2, trace_service_pb2_grpc

    class Collector(trace_service_pb2_grpc.TraceServiceServicer):
        def Export(self, request, context):  # noqa: N802  # gRPC's name
            found.extend(request.resource_spans)
            return trace_service_pb2.ExportTraceServiceResponse()

    found = []
    server = grpc.server(ThreadPoolExecutor(1))
    trace_service_pb2_grpc.add_TraceServiceServicer_to_server(Collector(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        subprocess.run(
            [DATELINE, "ask", UN_QUESTION, "--home", samples.home],
            env={**os.environ, "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{port}"},
            check=True,
            capture_output=True,
        )
    finally:
        server.stop(None)
    names = {span.name for part in found for scope in part.scope_spans for span in scope.spans}
    assert "dateline.ask" in names
    assert "foreign" not in str(found)
