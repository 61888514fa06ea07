"""What a language model's library raised, as one line that names the remedy and never a key."""

import re
from json import JSONDecodeError

from index.errors import LLMError
from rag.llms.options import CONTEXT_VARIABLE, TIMEOUT_VARIABLE, VARIABLES, without_keys

_LONGEST = 200  # characters of what a server says that an error repeats
_TOO_LONG = re.compile(r"context|too long|too many tokens|maximum.{0,20}tokens", re.IGNORECASE)
_MALFORMED = (JSONDecodeError, UnicodeDecodeError, TypeError, AttributeError, LookupError)


def llm_failure(name: str, error: Exception) -> LLMError:
    """The error to show for one that the model `name` (its spec) raised."""
    status = _status(error)
    said = _of_transport(error) if status is None else _of_status(status, name, error)
    if said is None:
        said = f"failed ({type(error).__name__}: {failure_line(error)}). Try again."
    return LLMError(f"The language model {name} {said}")


def failure_line(error: Exception) -> str:
    """What an error says, on one line, short and without any key."""
    body = getattr(error, "body", None)  # of OpenAI's and Anthropic's: what the server sent
    told = body.get("message") if isinstance(body, dict) else None
    line = without_keys(" ".join(str(told or error).split()))
    return line if len(line) <= _LONGEST else line[:_LONGEST] + " …"


def _status(error: Exception) -> int | None:
    """The HTTP status that an error of a provider's library carries."""
    for name in ("status_code", "code"):  # Google's says code
        status = getattr(error, name, None)
        if isinstance(status, int) and 400 <= status < 600:
            return status
    return None


def _of_status(status: int, name: str, error: Exception) -> str:
    line = failure_line(error)
    match status:
        case 401 | 403:
            variable = VARIABLES.get(name.partition("/")[0], VARIABLES["openai"])
            return f"refuses the key. Set {variable} to one that it takes."
        case 404:
            return "is not there. Check the model's name and the address."
        case 429:
            return f"takes no more requests ({line}). Wait and try again."
        case 400 | 413 if _TOO_LONG.search(line):
            return (
                f"cannot take that much text ({line}). Set {CONTEXT_VARIABLE} to the tokens that "
                "it takes, or run it with a larger context."
            )
        case _:
            return f"failed ({line}). Try again, or check its server."


def _of_transport(error: Exception) -> str | None:
    import httpx

    kinds = {each.__name__ for each in type(error).__mro__}  # Anthropic's and OpenAI's are alike
    if "APITimeoutError" in kinds or isinstance(error, httpx.TimeoutException | TimeoutError):
        return (
            f"gave no answer in time. Try again later, or set {TIMEOUT_VARIABLE} to more seconds."
        )
    if "APIConnectionError" in kinds or isinstance(error, httpx.ConnectError):
        return "cannot be reached. Start its server, or check the address."
    if isinstance(error, httpx.TransportError):
        return "failed (it broke off its answer). Try again, or check its server."
    if "APIResponseValidationError" in kinds or isinstance(error, _MALFORMED):
        return (
            f"answers in another form than OpenAI's API ({type(error).__name__}). "
            "Check the address: it mostly ends in /v1."
        )
    if "APIError" in kinds:
        return f"failed ({failure_line(error)}). Try again, or check its server."
    return None
