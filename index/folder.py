"""The folder of a home: what is in it, and what can be wrong with it."""

from pathlib import Path

from index.errors import HomeError
from index.store import Store

TRUTH = "dateline.sqlite"


def open_store(path: Path) -> Store | None:
    """The store of a home; None where nothing was ever written."""
    file = path / TRUTH
    try:
        if path.exists() and not path.is_dir():
            raise HomeError(f"{path} is a file. Name a folder with --home.")
        if not file.exists():
            return None
    except OSError as error:
        raise HomeError(
            f"{path} cannot be read ({error.strerror}). Name another --home."
        ) from error
    store = Store.open(file)
    if store.database.fresh:  # its writer died before it wrote anything
        store.close()
        return None
    return store


def make_folder(path: Path) -> None:
    """Make the folder of a home. Raises HomeError."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise HomeError(f"{path} cannot be made ({reason}). Name another --home.") from error


def check_place(path: Path, stored: str, server: str | None) -> None:
    """Raise HomeError unless the dense index is where the home says it is."""
    if stored == (server or ""):
        return
    remedy = f"Pass --chroma-url {stored}" if stored else "Leave --chroma-url out"
    move = f"dateline repair --home {path}" + (f" --chroma-url {server}" if server else "")
    raise HomeError(
        f"The dense index of {path} is {f'at {stored}' if stored else 'in the home itself'}. "
        f"{remedy}, or move it with: {move}"
    )


def size(folder: Path, pattern: str) -> int:
    """Bytes of the files that match; a file may go while we count."""
    total = 0
    for file in folder.glob(pattern):
        try:
            total += file.stat().st_size if file.is_file() else 0
        except FileNotFoundError:
            continue
    return total
