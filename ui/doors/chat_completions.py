"""The collection as a chat model: `POST /v1/chat/completions` and `GET /v1/models`, as OpenAI's.

The last message of the user is the question and the messages before it are the conversation.
Fields that mean nothing here are ignored, as other servers do.
"""

import logging
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import asdict
from typing import Any, Literal
from uuid import uuid4

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.sse import format_sse_event
from pydantic import BaseModel, Field

from index.errors import DatelineError, UsageError
from index.tokens import count_tokens
from rag.answer import Answer, Event, TextDelta
from ui.doors.desk import Desk
from ui.doors.failures import failure_of, json_response, to_json
from ui.doors.listening import EventStream, while_listening
from ui.doors.reply import (
    annotations,
    body_markdown,
    reply_markdown,
    tail_markdown,
    without_sources,
)

MODEL = "dateline"
_ASK = """For chat programs and libraries that speak OpenAI's API. The reply is Markdown with [n]
marks and ends in its sources; the field `citations` holds the exact quotes and offsets."""


class Part(BaseModel):
    """A part of a message; only text is read."""

    type: str
    text: str = ""


class Message(BaseModel):
    """One message of the conversation."""

    role: str
    content: str | list[Part] | None = None

    def words(self) -> str:
        """What the message says."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content if part.type == "text")
        return self.content or ""


class StreamOptions(BaseModel):
    """What a stream is to hold besides the reply."""

    include_usage: bool = False


class ChatRequest(BaseModel):
    """The fields that mean something here."""

    model: str = Field(description=f"Always {MODEL!r}.")
    messages: list[Message] = Field(min_length=1)
    stream: bool | None = False
    stream_options: StreamOptions | None = None

    def question(self) -> str:
        """The last message of the user."""
        asked = [message for message in self.messages if message.role == "user"]
        if not asked:
            raise UsageError("No message has the role 'user'. Ask a question in one.")
        return asked[-1].words()

    def history(self) -> list[tuple[str, str]]:
        """Earlier questions with the replies that followed them."""
        turns: list[tuple[str, str]] = []
        asked: str | None = None
        for message in self.messages:
            if message.role == "user":
                asked = message.words()
            elif message.role == "assistant" and asked is not None:
                turns.append((asked, without_sources(message.words())))
                asked = None
        return turns


def chat_router(desk: Desk) -> APIRouter:
    """OpenAI's addresses, as far as there are answers to give."""
    router = APIRouter(prefix="/v1", tags=["OpenAI-compatible"])

    @router.get("/models", summary="List the one model")
    async def models() -> dict[str, Any]:
        return {"object": "list", "data": [_model()]}

    @router.get("/models/{name}", summary="Describe the model")
    async def model(name: str) -> dict[str, Any]:
        _check_model(name)
        return _model()

    @router.post("/chat/completions", summary="Chat with the collection", description=_ASK)
    async def complete(asked: ChatRequest, request: Request) -> Response:
        _check_model(asked.model)
        completion = Completion(asked)
        question, history = asked.question(), asked.history()
        if not asked.stream:
            answer = await while_listening(request, desk.answer(question, history))
            return json_response(completion.whole(answer))
        events = desk.events(question, history)
        first = await while_listening(request, anext(events))  # a bad question gets its status
        return EventStream(_messages(completion, first, events))

    return router


def _model() -> dict[str, Any]:
    return {"id": MODEL, "object": "model", "created": 0, "owned_by": "dateline"}


def _check_model(name: str) -> None:
    if name != MODEL:
        raise HTTPException(404, f"There is no model {name!r}. The model's name is {MODEL!r}.")


class Completion:
    """The reply to one request, in OpenAI's form."""

    def __init__(self, asked: ChatRequest) -> None:
        self._asked = asked
        self._known = {"id": f"chatcmpl-{uuid4().hex}", "created": int(time.time()), "model": MODEL}

    @property
    def tells_usage(self) -> bool:
        """Whether a stream is to end with the usage."""
        return bool(self._asked.stream_options and self._asked.stream_options.include_usage)

    def whole(self, answer: Answer) -> dict[str, Any]:
        """The reply in one piece."""
        message = {
            "role": "assistant",
            "content": reply_markdown(answer),
            "refusal": None,
            "annotations": annotations(answer),
        }
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
        return {
            **self._known,
            "object": "chat.completion",
            "choices": [choice],
            "usage": self.usage(answer),
            "citations": _citations(answer),
        }

    def chunk(
        self, delta: dict[str, Any], finish: Literal["stop"] | None = None, **more: Any
    ) -> dict[str, Any]:
        """A piece of a streamed reply."""
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return {**self._known, "object": "chat.completion.chunk", "choices": [choice], **more}

    def last_chunks(self, answer: Answer, sent: str) -> Sequence[dict[str, Any]]:
        """What ends a streamed reply: the text that has not been sent, as that of a refusal, the
        sources, the citations and, where asked for, the usage.
        """
        unsent = answer.text.removeprefix(sent)
        chunks = [
            self.chunk({"content": body_markdown(unsent) + tail_markdown(answer)}),
            self.chunk({"annotations": annotations(answer)}, "stop", citations=_citations(answer)),
        ]
        if self.tells_usage:
            chunks.append({**self.chunk({}), "choices": [], "usage": self.usage(answer)})
        return chunks

    def usage(self, answer: Answer) -> dict[str, int]:
        """Tokens as the model counted them; for quotes, those of the messages and the reply."""
        told = answer.usage
        asked, replied = (told.prompt_tokens, told.completion_tokens) if told else (None, None)
        if asked is None:
            asked = sum(count_tokens(message.words()) for message in self._asked.messages)
        if replied is None:
            replied = count_tokens(reply_markdown(answer))
        return {
            "prompt_tokens": asked,
            "completion_tokens": replied,
            "total_tokens": asked + replied,
        }


async def _messages(
    completion: Completion, first: Event, events: AsyncGenerator[Event]
) -> AsyncGenerator[bytes]:
    """The reply as OpenAI streams one. A chat keeps what it is sent, so drafts are left out."""
    async with aclosing(events):
        yield _message(completion.chunk({"role": "assistant", "content": ""}))
        sent = ""
        try:
            event: Event | None = first
            while event is not None:
                if isinstance(event, TextDelta):
                    sent += event.text
                    yield _message(completion.chunk({"content": body_markdown(event.text)}))
                elif isinstance(event, Answer):
                    for chunk in completion.last_chunks(event, sent):
                        yield _message(chunk)
                event = await anext(events, None)
        except Exception as error:  # the status has been sent: say it as OpenAI does
            if not isinstance(error, DatelineError):
                logging.getLogger("uvicorn.error").exception("An answer failed")
            yield _message(failure_of(error).to_dict())
            return
        yield format_sse_event(data_str="[DONE]")


def _message(said: dict[str, Any]) -> bytes:
    return format_sse_event(data_str=to_json(said))


def _citations(answer: Answer) -> list[dict[str, Any]]:
    return [asdict(citation) for citation in answer.citations]
