"""From a file's bytes to plain text."""

import re
import stat
import unicodedata
from functools import lru_cache
from pathlib import Path

from index.errors import LoadError

SIZE_LIMIT = 20_000_000  # bytes; the longest articles are under 1 MB, data sets can be split
_CONTROL_LIMIT = 0.02  # random bytes hold 0.10 control bytes, text in any encoding next to none
_STRAY_CONTROLS = 8  # so many may have strayed into a short text
_DAMAGE_LIMIT = 0.5  # bad bytes for each good multi-byte character; other encodings have over 3
_MARKS_LIMIT = 30  # combining marks in a row: the Stream-Safe Text Format of UAX #15

_CONTROL_BYTES = bytes(set(range(0x20)) - set(b"\t\n\v\f\r\x1b")) + b"\x7f"
# How pictures, archives, programs and sound begin; no text begins so.
_MAGIC = (
    b"\xff\xd8", b"\x89PNG", b"GIF87a", b"GIF89a", b"PK\x03\x04", b"\x1f\x8b", b"BZh9",
    b"\xfd7zXZ", b"7z\xbc\xaf", b"Rar!\x1a", b"\x7fELF", b"\x28\xb5\x2f\xfd", b"OggS", b"ID3\x03",
)  # fmt: skip
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
# What newspapers' systems wrote before UTF-8. Left to choose among all it knows,
# charset-normalizer prefers exotic relatives (iso8859_10, euc_jis_2004).
_LEGACY = (
    "cp1252 cp1251 cp1250 cp1253 cp1254 cp1255 cp1256 koi8_r"
    " shift_jis euc_jp iso2022_jp gb18030 big5 euc_kr"
).split()
_BINARY = "is not text but binary data; give it as plain text, Markdown or JSON"

_NEWLINE = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_UNWANTED = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def read_text(path: Path) -> str:
    """Read a text file as `decode` does. Raises LoadError, also when it is gone or unreadable."""
    return decode(read_bytes(path, SIZE_LIMIT))


def decode(data: bytes) -> str:
    """Decode text of any usual encoding; it still has its own newlines and characters.

    Raises LoadError when it is empty or binary.
    """
    text = _decode(data)
    if not text.strip():
        raise LoadError("is empty; put the article's text into it or remove it")
    return text


def tidy(text: str) -> str:
    r"""Normalise newlines to \n and characters to NFC; drop control characters and surrogates.

    The tab is kept. Linear in the length of the text.
    """
    text = _UNWANTED.sub("", _NEWLINE.sub("\n", text))
    if text.isascii():
        return text
    # Normalising sorts each run of combining marks in quadratic time: 200,000 marks take 22 s.
    return unicodedata.normalize("NFC", _long_mark_runs().sub(r"\1", text))


def read_bytes(path: Path, limit: int) -> bytes:
    """Read a regular file of at most `limit` bytes; raises LoadError for anything else."""
    try:
        # A pipe or a device would block or never end.
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise LoadError("is a folder that cannot be listed; check its permissions")
        if not stat.S_ISREG(mode):
            raise LoadError("is not a regular file; save its content to a file first")
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except FileNotFoundError:
        raise LoadError("does not exist (any more); check the path") from None
    except PermissionError:
        raise LoadError("cannot be read; give yourself read permission") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise LoadError(f"cannot be read ({reason}); check the path") from None
    check_size(data, limit)
    return data


def check_size(data: bytes, limit: int) -> None:
    """Raise LoadError when there are more bytes than may be read."""
    if len(data) > limit:
        raise LoadError(f"is larger than {limit // 1_000_000} MB; split it into smaller files")


def _decode(data: bytes) -> str:
    if data.startswith(_UTF16_MARKS):
        return _decode_utf16(data)
    if _is_binary(data):
        raise LoadError(_BINARY)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _damaged_utf8(data) or _decode_legacy(data)


def _decode_utf16(data: bytes) -> str:
    try:
        # A cut-off last byte and lone surrogates cost no more than themselves.
        text = data[: len(data) // 2 * 2].decode("utf-16", errors="surrogatepass")
    except UnicodeDecodeError:
        raise LoadError(_BINARY) from None
    if "\0" in text:
        raise LoadError(_BINARY)
    return text


def _is_binary(data: bytes) -> bool:
    if b"\0" in data or data.startswith(_MAGIC):
        return True
    controls = len(data) - len(data.translate(None, delete=_CONTROL_BYTES))
    return controls > max(_STRAY_CONTROLS, _CONTROL_LIMIT * len(data))


def _damaged_utf8(data: bytes) -> str | None:
    """Read UTF-8 with a few broken bytes; None when it looks like another encoding."""
    text = data.decode("utf-8-sig", errors="replace")
    bad = text.count("\ufffd")
    good = sum(len(run) for run in re.findall("[^\x00-\x7f\ufffd]+", text))
    return text if bad <= _DAMAGE_LIMIT * good else None


def _decode_legacy(data: bytes) -> str:
    from charset_normalizer import from_bytes

    matches = from_bytes(data, cp_isolation=_LEGACY)
    best = matches.best()
    if best is None:
        raise LoadError("has an unknown text encoding; save it as UTF-8")
    for match in matches:
        tied = (match.chaos, match.coherence) == (best.chaos, best.coherence)
        # Western and Central European readings often tie; the Western one is far commoner.
        if tied and "cp1252" in match.could_be_from_charset:
            return str(match)
    return str(best)


@lru_cache(maxsize=1)
def _long_mark_runs() -> re.Pattern[str]:
    marks = "".join(chr(code) for code in range(0x300, 0x1F000) if unicodedata.combining(chr(code)))
    return re.compile(f"([{marks}]{{{_MARKS_LIMIT}}})[{marks}]+")
