"""OpenTelemetry spans of an answer, where the program around us has set tracing up.

They tell stages, counts and tokens; no question, text, address or key is in them.
"""

import sys
from typing import TYPE_CHECKING

from rag.answer import Answer
from rag.stopwatch import Stopwatch

if TYPE_CHECKING:
    from opentelemetry.util.types import AttributeValue

NAME = "dateline"


def record(watch: Stopwatch, answer: Answer) -> None:
    """One span for the answer and one for each of its stages.

    Nothing where OpenTelemetry was never imported: then nobody listens, and importing it costs.
    """
    if "opentelemetry.trace" not in sys.modules or not watch.spans:
        return
    from opentelemetry import trace

    tracer = trace.get_tracer(NAME)
    first = min(start for start, _ in watch.spans.values())
    last = max(end for _, end in watch.spans.values())
    whole = tracer.start_span("dateline.ask", start_time=first, attributes=_attributes(answer))
    around = trace.set_span_in_context(whole)
    for stage, (start, end) in watch.spans.items():
        tracer.start_span(f"dateline.{stage}", around, start_time=start).end(end)
    whole.end(last)


def _attributes(answer: Answer) -> "dict[str, AttributeValue]":
    found: dict[str, AttributeValue] = {
        "dateline.answered": answer.answered,
        "dateline.engine": "extractive" if answer.engine == "extractive" else "llm",
        "dateline.passages": len(answer.passages),
        "dateline.sentences": len(answer.sentences),
        "dateline.supported": sum(one.support == "supported" for one in answer.sentences),
        "dateline.dropped_citations": answer.dropped_citations,
    }
    if answer.usage and answer.usage.prompt_tokens is not None:
        found["gen_ai.usage.input_tokens"] = answer.usage.prompt_tokens
    if answer.usage and answer.usage.completion_tokens is not None:
        found["gen_ai.usage.output_tokens"] = answer.usage.completion_tokens
    return found
