"""How an answer came about, as terminal text: `dateline ask --explain`."""

from collections.abc import Iterator

from rag.answer import Answer, Check, Trace
from ui import text

_EXCERPT = 90  # characters of a passage or sentence on its line


def explain_text(answer: Answer) -> str:
    """The stages, what each found with its scores, the prompt, the checks, tokens and times."""
    trace = answer.trace
    if trace is None:
        return ""
    return "\n".join(text.clean(row) for row in _rows(answer, trace)) + "\n"


def _rows(answer: Answer, trace: Trace) -> Iterator[str]:
    if answer.standalone:
        yield f"Asked as        {text.line(answer.standalone)}"
    yield "Searched        " + ", ".join(
        f"{text.line(w)} {weight:g}" for w, weight in trace.searched
    )
    yield "\nRetrieved (score)"
    for passage in trace.retrieved:
        yield f"  {passage.score:6.3f}  {text.byline(passage.article)}: {_short(passage.text)}"
    yield "\nRead (how probably it answers)"
    for read in trace.read:
        yield f"  {read.probability:6.3f}  {text.byline(read.article)}: {_short(read.text)}"
    if trace.prompt is not None:
        yield f"\nPrompt ({trace.prompt_tokens:,} tokens by tiktoken)"
        yield from (f"  | {row}" for row in trace.prompt.split("\n"))
    if trace.checks:
        yield "\nSentences written and checked"
        yield from (_check(check) for check in trace.checks)
    yield from _ends(answer)


def _check(check: Check) -> str:
    cited = "".join(f"[{number}]" for number in check.cited) or "no passage"
    told = [check.support, f"cited {cited}"]
    told += [f"against it: {'; '.join(map(text.line, check.problems))}"] if check.problems else []
    told += ["asked for again"] if check.asked_again else []
    return f"  {text.line(check.text)}\n      {'; '.join(told)}"


def _ends(answer: Answer) -> Iterator[str]:
    if answer.usage and answer.usage.prompt_tokens is not None:
        used = (
            f"{answer.usage.prompt_tokens:,} read, {answer.usage.completion_tokens or 0:,} written"
        )
        cost = f", cost {answer.usage.cost:g}" if answer.usage.cost is not None else ""
        yield f"\nTokens          {used}{cost}"
    times = ", ".join(
        f"{stage} {seconds * 1000:.0f} ms" for stage, seconds in answer.timings.items()
    )
    yield f"Times           {times}"


def _short(words: str) -> str:
    line = text.line(words)
    return line if len(line) <= _EXCERPT else line[:_EXCERPT].rstrip() + " …"
