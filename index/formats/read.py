"""Run the reader of a format, and the readers of what a container holds."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from index.article import Document
from index.decode import check_size
from index.errors import LoadError
from index.failure import LoadFailure
from index.formats import archive, docx, html, mail, pdf, records, text, warc
from index.formats.kinds import Kind, kind_of, size_limit, suffix_of
from index.formats.member import Member

_DEPTH = 2  # archives within archives
_UNPACKED = 400_000_000  # bytes that all members of a file may have together
_ARTICLES = 20_000  # of one file; 20 MB of real articles hold half of it
_FAILURES = 100

Read = Iterator[Document | LoadFailure]
_CONTAINERS: Mapping[Kind, Callable[[bytes], Iterator[Member]]] = {
    "zip": archive.members,
    "wacz": archive.web_archives,
    "warc": warc.members,
    "mbox": mail.messages,
}


@dataclass(frozen=True, slots=True)
class Job:
    """Some bytes to read: their format, their file name or address, and what else is known.

    `source` is what the documents will name; `fields` is the user's field map for records.
    """

    data: bytes
    kind: Kind
    name: str
    source: str
    media_type: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Budget:
    """What a container may still unpack."""

    left: int = _UNPACKED

    def take(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise LoadError(f"unpacks to more than {_UNPACKED // 1_000_000} MB; split it")


def read(job: Job) -> Read:
    """Give the documents of a file in order, and a failure for each one that cannot be had.

    The failures after the first hundred are only counted.
    """
    articles = failures = 0
    for item in _read(job, _Budget(), 0):
        articles += isinstance(item, Document)
        failures += isinstance(item, LoadFailure)
        if articles > _ARTICLES:
            yield LoadFailure(job.source, f"holds more than {_ARTICLES:,} articles; split it")
            return
        if isinstance(item, Document) or failures <= _FAILURES:
            yield item
    if failures > _FAILURES:
        more = failures - _FAILURES
        yield LoadFailure(job.source, f"has {more:,} more parts that cannot be read; correct them")


def _read(job: Job, budget: _Budget, depth: int) -> Read:
    try:
        check_size(job.data, size_limit(job.kind))
        if not job.data:
            raise LoadError("is empty; put the article's text into it or remove it")
        found = _contained(job, budget, depth) if job.kind in _CONTAINERS else _single(job)
        yield from found
    except LoadError as error:
        yield LoadFailure(job.source, str(error))
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001  # a format's library may raise anything
        yield LoadFailure(job.source, _unforeseen(job.kind, error))


def _unforeseen(kind: str, error: Exception) -> str:
    reason = " ".join(f"{type(error).__name__}: {error}".split())[:160]
    return f"cannot be read as {kind} ({reason}); check the file, or save it as plain text"


def _single(job: Job) -> Read:
    data, source = job.data, job.source
    if job.kind == "text":
        yield from text.read(data, source)
    elif job.kind == "json":
        yield from records.read_json(data, source, job.fields)
    elif job.kind == "jsonl":
        yield from records.read_lines(data, source, job.fields)
    elif job.kind == "csv":
        yield from records.read_csv(data, source, job.fields)
    elif job.kind == "html":
        yield from html.read(data, source, job.name, job.media_type)
    elif job.kind == "pdf":
        yield from pdf.read(data, source)
    elif job.kind == "docx":
        yield from docx.read(data, source)
    else:
        yield from mail.read(data, source)


def _contained(job: Job, budget: _Budget, depth: int) -> Read:
    if depth > _DEPTH:
        raise LoadError(f"lies in more than {_DEPTH} archives; unpack them")
    found = 0
    for member in _CONTAINERS[job.kind](job.data):
        source = job.source + member.part
        if isinstance(member.data, LoadError):
            yield LoadFailure(source, str(member.data))
            continue
        kind = member.kind or kind_of(member.data, member.name, member.media_type)
        if kind is None:
            if job.kind == "zip":
                yield LoadFailure(
                    source, f"has a suffix that is not read ({suffix_of(member.name)})"
                )
            continue
        found += 1
        budget.take(len(member.data))
        inner = replace(
            job,
            data=member.data,
            kind=kind,
            name=member.name,
            source=source,
            media_type=member.media_type,
        )
        yield from _read(inner, budget, depth + 1 if kind in _CONTAINERS else depth)
    if not found:
        raise LoadError("holds no article that can be read; check what is in it")
