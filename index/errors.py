"""Every error this product raises on purpose.

DatelineError
├── UsageError            what was asked for makes no sense (empty question, unknown option value)
├── LoadError             one file or record cannot become an article
│   └── FetchError        an address cannot be had, or may not be asked
├── HomeError             the home folder cannot be used
│   ├── HomeBusy          another process is writing to it
│   └── HomeMismatch      it was written by another embedding model or chunker
├── ModelError            a model is missing, altered or failing
├── LLMError              the configured language model is missing or failing
└── ServerError           a question to the server was not answered
    ├── ServerBusy        too many questions are being answered already
    └── ServerTimeout     the answer took longer than the server waits

Each message is one line that names the remedy; the command line prints it and exits with 1.
"""


class DatelineError(Exception):
    """Root of all errors raised on purpose."""


class UsageError(DatelineError):
    """What was asked for makes no sense."""


class LoadError(DatelineError):
    """One file or record cannot become an article."""


class FetchError(LoadError):
    """An address cannot be had, or may not be asked; `gone` when its server says it is no more."""

    def __init__(self, reason: str, *, gone: bool = False) -> None:
        super().__init__(reason)
        self.gone = gone


class HomeError(DatelineError):
    """The home folder cannot be used."""


class HomeBusy(HomeError):
    """Another process is writing to the home."""


class HomeMismatch(HomeError):
    """The home was written by another embedding model or chunker."""


class ModelError(DatelineError):
    """A model is missing, altered or failing."""


class LLMError(DatelineError):
    """The configured language model is missing or failing."""


class ServerError(DatelineError):
    """A question to the server was not answered."""


class ServerBusy(ServerError):
    """Too many questions are being answered already."""


class ServerTimeout(ServerError):
    """The answer took longer than the server waits."""
