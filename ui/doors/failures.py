"""What an interface says when something goes wrong: one line of JSON, in the form of OpenAI's API.

{"error": {"message": "…", "type": "invalid_request_error", "param": null, "code": "bad_question"}}
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from index.errors import DatelineError, LLMError, ServerBusy, ServerTimeout, UsageError
from ui.doors.desk import RETRY_SECONDS
from ui.text import line

_CODES = {
    400: "bad_request",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    408: "request_timeout",
    411: "length_required",
    413: "too_large",
    429: "too_many_attempts",
}
_MOST_TOLD = 3  # of the things wrong with a request


@dataclass(frozen=True, slots=True)
class Failure:
    """An HTTP status, and one line for people with a word for programs."""

    status: int
    code: str
    message: str
    headers: Mapping[str, str] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """The failure in plain JSON types."""
        kind = "invalid_request_error" if self.status < 500 else "server_error"
        told = {"message": line(self.message), "type": kind, "param": None, "code": self.code}
        return {"error": told}


def failure_of(error: Exception) -> Failure:
    """What an exception means to whoever asked. An unforeseen one tells nothing of itself."""
    match error:
        case UsageError():
            return Failure(400, "bad_question", str(error))
        case ServerBusy():
            return Failure(503, "busy", str(error), {"Retry-After": str(RETRY_SECONDS)})
        case ServerTimeout():
            return Failure(504, "timeout", str(error))
        case LLMError():
            return Failure(502, "model_failed", str(error))
        case DatelineError():
            return Failure(500, "failed", str(error))
        case RequestValidationError():
            return Failure(422, "invalid", _what_is_wrong(error))
        case HTTPException():
            code = _CODES.get(error.status_code, "failed")
            return Failure(error.status_code, code, error.detail, error.headers or {})
        case _:
            # The connection ends with the error, so nobody is to send on it again.
            told = "Something went wrong in the server; its log says what."
            return Failure(500, "failed", told, {"Connection": "close"})


def failure_response(failure: Failure) -> Response:
    """The failure as a response."""
    return json_response(failure.to_dict(), failure.status, failure.headers)


def json_response(
    value: Any, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """One line of JSON in pure ASCII, kept by nobody."""
    kept = {"Cache-Control": "no-store", **(headers or {})}
    return Response(to_json(value), status, kept, media_type="application/json")


def to_json(value: Any) -> str:
    """One line of JSON; ASCII, because an article may hold half a surrogate pair."""
    return json.dumps(value, separators=(",", ":"))


def _what_is_wrong(error: RequestValidationError) -> str:
    """The first things wrong with a request, each with its place."""
    told = []
    for each in error.errors()[:_MOST_TOLD]:
        place = ".".join(str(part) for part in each["loc"] if part != "body")
        told.append(f"{place}: {each['msg']}" if place else str(each["msg"]))
    return "The request is not as it should be: " + "; ".join(told) + ". See /api."
