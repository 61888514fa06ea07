"""Put findings together: who says the same, who says otherwise, and what is worth showing."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.names import skeleton
from rag.read import Finding

AGREE_SHARE = 0.3  # an agreeing sentence may be this much less probable than the best one
PRECISE_SHARE = 0.5  # a fuller date may be this much less probable than the one it fills in
_YEAR = re.compile(r"\b(?:1\d|20)\d\d\b")
_FLOATING = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday yesterday today tomorrow last next "
    "this week month year summer winter spring autumn fall night weekend".split()
)  # days and times that depend on when they are written
_REFERS_BACK = re.compile(r"\W*(?:it|he|she|they|this|that|these|those|his|her|their|its)\b", re.I)
_DENIAL = re.compile(r"\b(?:not|never|no longer|den(?:y|ies|ied)|refus\w+)\b|n['’]t\b")
ALIKE = 0.6  # or it is this much like it (cosine)
OTHER_SHARE = 0.8  # one that says otherwise, or adds to a list, must be this probable beside it
FILL_SHARE = 0.5  # less where the question says how many there are
LEAD_SHARE = 0.85  # and one that more articles say leads if it is nearly as probable
SAME_WORDS = 0.93  # cosine of two sentences that say the same in nearly the same words
MOST_GROUPS = 3


@dataclass(frozen=True, slots=True)
class Group:
    """Findings that say the same, one for each article, best first."""

    findings: tuple[Finding, ...]

    @property
    def lead(self) -> Finding:
        """The finding whose words are shown."""
        return self.findings[0]


def same_key(left: str, right: str) -> bool:
    """Whether two short answers say the same: equal, one within the other, or one name respelt."""
    if left == right:
        return True
    less, more = sorted((set(left.split()), set(right.split())), key=len)
    if less < more and (len(less) > 1 or _YEAR.fullmatch(min(less))):
        return True  # "December 24" and "December 24, 2021"; "2019" and "April 2019"
    bones = [{skeleton(word) for word in key.split()} - {""} for key in (left, right)]
    if any(key[:1].isdigit() for key in (left, right)) or not all(bones):
        return False
    return bones[0] <= bones[1] or bones[1] <= bones[0]


def agrees(first: Finding, other: Finding) -> bool:
    """Whether two findings give the same answer; a sentence that denies it does not."""
    if bool(_DENIAL.search(first.quote)) != bool(_DENIAL.search(other.quote)):
        return False
    if first.short and other.short:
        if not same_key(first.short.key, other.short.key):
            return False
        if not _FLOATING.issuperset(first.short.key.split()):
            return True
    return float(first.vector @ other.vector) >= SAME_WORDS


def _one_per_article(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    kept: dict[str, Finding] = {}
    for finding in findings:
        kept.setdefault(finding.candidate.article.id, finding)
    return tuple(kept.values())


def group(
    findings: Sequence[Finding], enough: float, several: bool = False, many: int | None = None
) -> list[Group]:
    """The answer as groups of agreeing findings; empty when none is as probable as `enough`.

    The first group is the answer; the others say otherwise, or, where `several` answers are asked
    for and the best finding names one, complete the list: to as `many` as the question says.
    """
    if not findings or findings[0].probability < enough:
        return []
    rest = list(findings)
    best = _asserting(rest, enough)
    completes = several and best.short is not None and not best.short.names_several
    if completes:
        rest = [f for f in rest if f.short]
    share, most = (FILL_SHARE, many) if completes and many else (OTHER_SHARE, MOST_GROUPS)
    groups: list[Group] = []
    while rest and len(groups) < most:
        lead = _asserting(rest, enough)
        if groups and not (lead.probability >= enough and _close(best, lead, share)):
            break
        if groups and best.short is None:
            break  # nothing tells whether the other says otherwise
        same = [f for f in rest if f is lead or (agrees(lead, f) and _counts(lead, f))]
        groups.append(Group(_one_per_article(_self_contained_first(_most_precise_first(same)))))
        # An article that already speaks is not quoted again, except for another item of a list.
        spoken = {f.candidate.article.id for f in same}
        rest = [f for f in rest if f in same or not _denies(lead, f)]
        if completes:
            rest = [f for f in rest if f not in same]
        else:
            rest = [f for f in rest if f.candidate.article.id not in spoken]
    # What more articles say comes first, if it is about as probable.
    return sorted(groups, key=lambda g: -len(g.findings) if _close(best, g.lead, LEAD_SHARE) else 0)


def _asserting(rest: Sequence[Finding], enough: float) -> Finding:
    """The best finding; where it only denies something of a figure or name that others state
    ("did not repeat the figure of 20,000"), the best of those.
    """
    best = rest[0]
    if best.short is None or not _DENIAL.search(best.quote):
        return best
    stating = (
        other
        for other in rest
        if other.short
        and other.probability >= enough
        and not _DENIAL.search(other.quote)
        and same_key(best.short.key, other.short.key)
    )
    return next(stating, best)


def _denies(lead: Finding, other: Finding) -> bool:
    """Whether a sentence only denies something of what is answered: it gives no other answer."""
    if lead.short is None or other.short is None or not _DENIAL.search(other.quote):
        return False
    return same_key(lead.short.key, other.short.key)


def _close(best: Finding, lead: Finding, share: float) -> bool:
    return lead.probability >= share * best.probability


def _most_precise_first(same: Sequence[Finding]) -> list[Finding]:
    """Agreeing findings with the fullest date first, if it is about as sure: "April 2019"."""
    lead = same[0]
    if lead.short is None or not _YEAR.search(lead.short.key):
        return list(same)
    sure = [f for f in same if f.probability >= PRECISE_SHARE * lead.probability]
    fullest = max(sure, key=lambda f: len(f.short.key.split()) if f.short else 0)
    return [fullest, *(f for f in same if f is not fullest)]


def _self_contained_first(same: Sequence[Finding]) -> list[Finding]:
    """Agreeing findings; where the first begins with "It" or "He", one that is about as sure and
    does not comes before it, because a quote is read without what precedes it.
    """
    if not _REFERS_BACK.match(same[0].quote):
        return list(same)
    sure = (f for f in same if f.probability >= PRECISE_SHARE * same[0].probability)
    first = next((f for f in sure if not _REFERS_BACK.match(f.quote)), same[0])
    return [first, *(f for f in same if f is not first)]


def _counts(lead: Finding, other: Finding) -> bool:
    """Whether a sentence with the same short answer is about the same thing."""
    probable = other.probability >= AGREE_SHARE * lead.probability
    return probable or float(lead.vector @ other.vector) >= ALIKE
