"""Names written in different ways: Haftar and Hifter, Gadhafi and Qaddafi, Wagner and Vagner."""

import re
import unicodedata

# Sounds that transliteration into English spells in several ways; longer spellings first.
_SOUNDS = [
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"dzh|zh|dj|dsh|tsch|tch|sch|ch|sh", "s"),
        (r"kh|ck|gh|q|g|c(?![eiy])|k", "k"),
        (r"ph|f", "f"),
        (r"dh|th|d|t", "t"),
        (r"w|v|ou(?=[aeiy])", "v"),
        (r"x", "ks"),
        (r"c|z", "s"),
    )
]
_REPEATS = re.compile(r"(.)\1+")
_VOWELS = re.compile(r"[aeiouyhj'’`\-]+")
_LEADING_VOWEL = re.compile(r"^[aeiouy]")


def skeleton(word: str) -> str:
    """The consonants of a name under its usual transliterations.

    Two spellings of one name mostly share their skeleton: Gadhafi, Qaddafi and Kadafi all give
    "ktf". A leading vowel is kept as "a", so that names with and without one stay apart.
    Many unlike names share a skeleton too, so a caller also compares the spellings.
    """
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    plain = "".join(c for c in decomposed if c.isascii())
    head = "a" if _LEADING_VOWEL.match(plain) else ""
    for pattern, sound in _SOUNDS:
        plain = pattern.sub(sound, plain)
    return head + _VOWELS.sub("", _REPEATS.sub(r"\1", plain))
