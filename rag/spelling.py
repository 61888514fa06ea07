"""Meet words that the question spells otherwise than the collection does."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from index.home import Home
from index.names import skeleton
from index.records import WordRow
from index.words import fold
from rag.acronyms import abbreviated, spelt_out
from rag.lexicon import country, is_common, people
from rag.understand import Question, Term

SAME_NAME = 0.6  # spelling similarity of two names with one skeleton: Gadhafi/Qaddafi have 0.71
SHORT_NAME = 0.8  # asked of names whose skeleton is under three consonants
TYPO = 0.74  # similarity of a misspelt word and the word meant: figthers/fighters have 0.88
VARIANT_WEIGHT = 0.9
TYPO_WEIGHT = 0.8
SHORTEST_TYPO = 5  # shorter words have too many neighbours


@dataclass(frozen=True, slots=True)
class Spelling:
    """Other index terms that meet each term of a question, and the question as corrected.

    `variants` maps a term's stem to index terms and how surely they mean the same (0 to 1);
    `groups` maps it to index terms that mean the same together, as an acronym spelt out does.
    """

    variants: Mapping[str, Mapping[str, float]]
    groups: Mapping[str, tuple[str, ...]]
    corrected: str


def _similarity(left: str, right: str) -> float:
    from rapidfuzz.distance import OSA

    return float(OSA.normalized_similarity(left, right))


def _is_name(word: WordRow) -> bool:
    return word.capitals * 2 > word.chunks


def _names_like(term: Term, words: Iterable[WordRow]) -> dict[str, float]:
    """Names of the collection that are other spellings of the term."""
    if country(term.word) or people(term.word):
        return {}  # Niger is not Nigeria
    bones = skeleton(term.word)
    least = SAME_NAME if len(bones) >= 3 else SHORT_NAME
    return {
        word.stem: VARIANT_WEIGHT
        for word in words
        if word.stem != term.stem
        and _is_name(word)
        and skeleton(word.word) == bones
        and not country(word.word)
        and _similarity(term.word, word.word) >= least
    }


def _meant(term: Term, words: Sequence[WordRow]) -> dict[str, float]:
    """The collection's word that a word unknown to it and to English most likely means."""
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import extract

    near = extract(
        term.word,
        [word.word for word in words],
        scorer=OSA.normalized_similarity,
        score_cutoff=TYPO,
        limit=5,
    )
    if not near:
        return {}
    # Equally near words: the more frequent one is meant.
    _, _, place = max(near, key=lambda found: (round(found[1], 2), words[found[2]].chunks))
    return {words[place].stem: TYPO_WEIGHT}


def respell(question: Question, collection: Home) -> Spelling:
    """Find the collection's spellings of the question's words."""
    terms = [term for term in question.terms if not term.is_number]
    counts = collection.word_counts(term.stem for term in terms)
    alike = collection.spellings({skeleton(term.word) for term in terms} - {""})
    variants = abbreviated(question.text, collection)
    usual: dict[str, str] = {}
    for term in terms:
        known = bool(counts.get(term.stem))
        ordinary = is_common(term.word) and not term.is_name
        found = {} if ordinary and known else _names_like(term, alike)
        if not known and not found and not ordinary and len(term.word) >= SHORTEST_TYPO:
            found = _meant(term, collection.vocabulary())
        if found:
            variants[term.stem] = variants.get(term.stem, {}) | found
            usual[term.word] = _usual(term, found, alike, collection)
    groups = spelt_out(question.text, collection)
    return Spelling(variants, groups, _replace(question.text, usual))


def _usual(
    term: Term, variants: Mapping[str, float], alike: Sequence[WordRow], collection: Home
) -> str:
    """The spelling of a term that the collection uses most."""
    stems = {term.stem, *variants}
    written = [word for word in alike if word.stem in stems] or [
        word for word in collection.vocabulary() if word.stem in stems
    ]
    return max(written, key=lambda word: word.chunks).word


def _replace(text: str, usual: Mapping[str, str]) -> str:
    """The question with its words as the collection spells them, for the embedder."""
    if not usual:
        return text
    return " ".join(usual.get(fold(word.strip("?!.,;:\"'“”‘’()")), word) for word in text.split())
