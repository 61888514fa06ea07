"""Zip archives of articles, and web archive collections (WACZ), which are zip archives too.

Nothing is ever written to disk, so a member's name is only a name.
"""

import io
import zipfile
import zlib
from collections.abc import Iterator

from index.decode import tidy
from index.errors import LoadError
from index.formats.kinds import kind_of_name, size_limit
from index.formats.member import Member

_MEMBERS = 10_000
_RATIO = 200  # unpacked to packed; text packs to a tenth, and 1,000 times is a bomb
_SMALL = 1_000_000  # bytes that may be packed at any ratio
_NAME_LIMIT = 300  # characters
_STEP = 1_000_000
_BROKEN = "is a broken zip archive; make it anew"


def members(data: bytes) -> Iterator[Member]:
    """Give the files of a zip archive, in its order. Raises LoadError."""
    with _opened(data) as archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        if len(entries) > _MEMBERS:
            raise LoadError(f"has more than {_MEMBERS:,} files; split it")
        for entry in entries:
            if not _is_hidden(entry.filename):
                name = " ".join(tidy(entry.filename).split())[:_NAME_LIMIT]
                yield Member(f"!/{name}", name, _content(archive, entry))


def web_archives(data: bytes) -> Iterator[Member]:
    """Give the WARC files of a web archive collection."""
    for member in members(data):
        if member.name.startswith("archive/") and kind_of_name(member.name) == "warc":
            yield member


def _opened(data: bytes) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError):
        raise LoadError(_BROKEN) from None


def _is_hidden(name: str) -> bool:
    return any(
        part.startswith((".", "__MACOSX")) and part not in (".", "..") for part in name.split("/")
    )


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes | LoadError:
    """Unpack a member, but never more than its format may have, whatever its header says."""
    kind = kind_of_name(entry.filename)
    limit = size_limit(kind) if kind else _SMALL
    if entry.flag_bits & 1:
        return LoadError("is locked with a password; unpack it first")
    try:
        with archive.open(entry) as file:
            data = bytearray()
            while step := file.read(_STEP):
                data += step
                if len(data) > limit:
                    return LoadError(f"unpacks to more than {limit // 1_000_000} MB; split it")
                if len(data) > max(_SMALL, _RATIO * entry.compress_size):
                    return LoadError(f"unpacks to over {_RATIO} times its size; give it unpacked")
            return bytes(data)
    except (zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, OSError, EOFError):
        return LoadError("is broken in its archive; make that anew")
