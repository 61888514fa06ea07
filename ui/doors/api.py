"""`POST /api/ask` and `POST /api/retrieve`: cited answers and passages as JSON.

Asked with `"stream": true` or `Accept: text/event-stream`, an answer comes as server-sent events:
passages, draft, text, and last answer, or error.
"""

import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.sse import format_sse_event

from index.errors import DatelineError
from rag.answer import Answer, Draft, Event, Passage, Retrieved, TextDelta
from ui.doors.desk import Desk
from ui.doors.failures import failure_of, json_response, to_json
from ui.doors.listening import EventStream, while_listening
from ui.doors.requests import AskRequest, RetrieveRequest

_STREAM = "text/event-stream"
_ASK = f"""Every sentence of the answer cites exact words: `article.text[start:end] == quote`. Where
the articles do not say, `answered` is false and `refusal` says why. With `"stream": true` or
`Accept: {_STREAM}` the events are: passages (those found), draft (the sentence being written, not
checked, never to be kept), text (more of the answer's text), and last answer (the whole answer) or
error."""
_RETRIEVE = (
    "The passages that best match the question, best first: `article.text[start:end] == text`."
)


def api_router(desk: Desk) -> APIRouter:
    """The two addresses."""
    router = APIRouter(prefix="/api", tags=["JSON"])

    @router.post(
        "/ask",
        summary="Ask a question",
        description=_ASK,
        response_model=Answer,
        responses={200: {"content": {_STREAM: {}}}},
    )
    async def ask(asked: AskRequest, request: Request) -> Response:
        history = [(turn.question, turn.answer) for turn in asked.history]
        filters = asked.filters.to_filters()
        if not asked.stream and _STREAM not in request.headers.get("accept", ""):
            work = desk.answer(asked.question, history, filters)
            answer = await while_listening(request, work)
            return json_response(answer.to_dict(explain=asked.explain))
        events = desk.events(asked.question, history, filters)
        first = await while_listening(request, anext(events))  # a bad question gets its status
        return EventStream(_messages(first, events, explain=asked.explain))

    @router.post(
        "/retrieve",
        summary="Find passages",
        description=_RETRIEVE,
        response_model=dict[str, list[Passage]],
    )
    async def retrieve(asked: RetrieveRequest, request: Request) -> Response:
        work = desk.retrieve(asked.question, asked.top_k, asked.filters.to_filters())
        found = await while_listening(request, work)
        return json_response({"passages": [asdict(passage) for passage in found]})

    return router


async def _messages(
    first: Event, events: AsyncGenerator[Event], *, explain: bool
) -> AsyncGenerator[bytes]:
    """The events as server-sent events; what goes wrong is the last of them."""
    async with aclosing(events):
        yield _message(*_told(first, explain))
        try:
            async for event in events:
                yield _message(*_told(event, explain))
        except Exception as error:  # the status has been sent: say it as an event
            if not isinstance(error, DatelineError):
                logging.getLogger("uvicorn.error").exception("An answer failed")
            yield _message("error", failure_of(error).to_dict())


def _told(event: Event, explain: bool) -> tuple[str, dict[str, Any]]:
    """The event's name and what it says."""
    match event:
        case Retrieved():
            return "passages", {"passages": [asdict(passage) for passage in event.passages]}
        case Draft():
            return "draft", {"text": event.text}
        case TextDelta():
            return "text", {"text": event.text}
        case Answer():
            return "answer", event.to_dict(explain=explain)


def _message(name: str, said: dict[str, Any]) -> bytes:
    return format_sse_event(event=name, data_str=to_json(said))
