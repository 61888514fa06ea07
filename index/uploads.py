"""Files that somebody handed over: kept in the home, so that their articles have a source."""

import hashlib
import shutil
from collections.abc import Collection, Sequence
from contextlib import suppress
from pathlib import Path

from index.errors import HomeError
from index.folder import make_folder

_FOLDER = "uploads"


def keep_uploads(home: Path, files: Sequence[Path]) -> list[Path]:
    """Copy files handed over together into one folder of the home; gives the copies, in order.

    They lie together so that a table of metadata describes those beside it. The folder is named
    by what is in it: the same files again are the same sources. Raises HomeError.
    """
    names = _unlike([file.name for file in files])
    try:
        digest = hashlib.sha256()
        for name, file in zip(names, files, strict=True):
            with file.open("rb") as stream:
                content = hashlib.file_digest(stream, "sha256").digest()
            digest.update(hashlib.sha256(name.encode("utf-8", "surrogatepass")).digest() + content)
        make_folder(home)
        folder = home.absolute() / _FOLDER / digest.hexdigest()[:12]
        folder.mkdir(parents=True, exist_ok=True)
        kept = [folder / name for name in names]
        for file, copy in zip(files, kept, strict=True):
            shutil.copyfile(file, copy)
    except OSError as error:
        raise HomeError(
            f"The files cannot be kept in {home} ({error.strerror}). "
            "Check its permissions and free space."
        ) from error
    return kept


def drop_upload(copy: Path) -> None:
    """Delete a kept file that no article came of."""
    with suppress(OSError):
        copy.unlink(missing_ok=True)
        copy.parent.rmdir()  # only when it is empty


def drop_unused(home: Path, sources: Collection[str]) -> None:
    """Delete what was handed over together when none of some sources comes from it any more."""
    for folder in (home.absolute() / _FOLDER).glob("*/"):
        root = f"{folder.as_posix()}/"
        if not any(source.startswith(root) for source in sources):
            shutil.rmtree(folder, ignore_errors=True)


def uploaded_name(home: Path, source: str) -> str:
    """A source as its user knows it: a kept file by its name alone."""
    inside = source.removeprefix(f"{home.absolute().as_posix()}/{_FOLDER}/")
    return source if inside == source else inside.partition("/")[2] or source


def _unlike(names: Sequence[str]) -> list[str]:
    """The names, with a number where one comes again."""
    found: list[str] = []
    for name in names:
        path, number = Path(name), 2
        while name in found:
            name, number = f"{path.stem}-{number}{path.suffix}", number + 1
        found.append(name)
    return found
