"""One thing that a container holds."""

from dataclasses import dataclass

from index.errors import LoadError
from index.formats.kinds import Kind


@dataclass(frozen=True, slots=True)
class Member:
    """A part of an archive or a mailbox; `data` is an error where it cannot be had.

    `part` is what its source adds to that of the container: "!/news/a.html", "#3". `kind` is None
    where name, media type and bytes have to tell.
    """

    part: str
    name: str
    data: bytes | LoadError
    kind: Kind | None = None
    media_type: str | None = None
