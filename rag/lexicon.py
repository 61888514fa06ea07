"""What English words mean without their context: likeness, commonness, countries and peoples.

`lexicon.npz` (made by tools/build_lexicon.py) holds a short vector for each of 21,719 common
words, distilled from the bundled embedding model, ordered by how common they are.
"""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.words import fold

FOLDER = Path(__file__).parent


class _Table(NamedTuple):
    places: dict[str, int]
    vectors: NDArray[np.float32]


@cache
def _table() -> _Table:
    with np.load(FOLDER / "lexicon.npz") as stored:
        words = str(stored["words"]).split("\n")
        vectors = stored["vectors"].astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return _Table({word: place for place, word in enumerate(words)}, vectors)


def likeness(left: Sequence[str], right: Sequence[str]) -> NDArray[np.float32]:
    """How alike two lists of folded words are in meaning: (len(left), len(right)), -1 to 1.

    Words that the table does not hold are like nothing: 0.
    """
    places, vectors = _table()

    def rows(words: Sequence[str]) -> NDArray[np.float32]:
        found = np.zeros((len(words), vectors.shape[1]), dtype=np.float32)
        for row, word in enumerate(words):
            if (place := places.get(word)) is not None:
                found[row] = vectors[place]
        return found

    return rows(left) @ rows(right).T


def related(word: str, least: float, most: float) -> list[str]:
    """Common words whose likeness to a folded word lies between two values, commonest first."""
    places, vectors = _table()
    if word not in places:
        return []
    found = vectors @ vectors[places[word]]
    words = list(places)
    return [words[place] for place in np.flatnonzero((found >= least) & (found <= most))]


def rarity(word: str) -> float:
    """From 0 (as common as "the") to 1 (not among the common words)."""
    places = _table().places
    place = places.get(word, len(places))
    return float(np.log1p(place) / np.log1p(len(places)))


def is_common(word: str) -> bool:
    """Whether a folded word is an ordinary English word or a very well-known name."""
    return word in _table().places


@cache
def _countries() -> tuple[dict[str, str], dict[str, str]]:
    """Folded names of countries, and of their peoples, with the country's usual name."""
    countries: dict[str, str] = {}
    peoples: dict[str, str] = {}
    for line in (FOLDER / "countries.txt").read_text(encoding="utf-8").splitlines():
        names, demonyms = line.split(";")[:2]
        usual = names.split(",")[0]
        for name in names.split(","):
            countries[_key(name)] = usual
        for demonym in filter(None, demonyms.split(",")):
            peoples[_key(demonym)] = usual
            peoples[_key(demonym) + "s"] = usual
    return countries, peoples


def _key(name: str) -> str:
    return " ".join(fold(part) for part in name.replace("-", " ").split())


def country(name: str) -> str | None:
    """The usual name of the country that `name` names, or None."""
    return _countries()[0].get(_key(name))


def people(name: str) -> str | None:
    """The country whose people (or adjective) `name` names, or None: Syrians → Syria."""
    return _countries()[1].get(_key(name))


def kin(name: str) -> frozenset[str]:
    """Folded one-word names of the same country and its people: libyan → {libya, libyans, …}."""
    countries, peoples = _countries()
    usual = countries.get(_key(name)) or peoples.get(_key(name))
    if usual is None:
        return frozenset()
    both = [*countries.items(), *peoples.items()]
    return frozenset(key for key, of in both if of == usual and " " not in key)


@cache
def _capitals() -> dict[str, str]:
    """Folded one-word capitals, by which newspapers call governments, with their country."""
    lines = (FOLDER / "countries.txt").read_text(encoding="utf-8").splitlines()
    rows = [line.split(";") for line in lines]
    return {_key(row[2]): row[0].split(",")[0] for row in rows if len(row) > 2}


def capital_kin(name: str) -> frozenset[str]:
    """How else a government is called: moscow → {russia, russian, …}, russia → {moscow}."""
    capitals = _capitals()
    if usual := capitals.get(_key(name)):
        return kin(usual) | frozenset(_key(part) for part in [usual] if " " not in part)
    own = country(name) or people(name)
    return frozenset(key for key, of in capitals.items() if of == own)
