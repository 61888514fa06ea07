"""The conversation as HTML: its turns, what can be done with each, and where to start."""

from collections.abc import Sequence

from ui import answer_html, text
from ui.render import button, escape, gate, tag
from ui.turns import Turn, address

_KINDS = (("markdown", "Markdown"), ("html", "HTML"), ("json", "JSON"))
_LONGEST_NOTE = 2000  # characters


def html(turns: Sequence[Turn], current: str = "") -> str:
    """All turns and the one under way, through the gate."""
    last = len(turns) - 1
    told = "".join(
        turn_html(
            turn.answer.question,
            answer_html.whole(turn, number, _actions(turn, number, last=number == last)),
            address(turn.answer.question, turn.choices),
        )
        for number, turn in enumerate(turns)
    )
    return gate(told + current + (_keep_all() if turns and not current else ""))


def turn_html(question: str, inner: str, shared: str = "") -> str:
    """The question as asked, above what answers it; `shared` is the address that asks it."""
    asked = tag("h2", "question", escape(text.line(question)))
    told = f' data-address="{escape(shared)}"' if shared else ""
    return f'<section class="dl-turn"{told}>{asked}{inner}</section>'


def stopped_html() -> str:
    """The mark under an answer that was stopped."""
    return '<p class="dl-notice">Stopped. This is not the whole answer; ask again to get it.</p>'


def welcome_html(questions: Sequence[str], *, empty: bool) -> str:
    """What an empty conversation shows: how to begin, with questions that get an answer."""
    if empty:
        return gate('<p class="dl-welcome">There are no articles to ask about yet.</p>')
    hello = (
        '<p class="dl-welcome">Ask about the articles. '
        "Every sentence of an answer cites the exact words it rests on.</p>"
    )
    items = "".join(f"<li>{button('ask', escape(text.line(words)))}</li>" for words in questions)
    offered = f'<h2 class="dl-label">Or begin with</h2><ul class="dl-offered">{items}</ul>'
    return gate(hello + (offered if items else ""))


def here_html(shared: str, limits: str) -> str:
    """The address of the page as it stands, for its script to show, and the limits in force."""
    told = tag("p", "limits", f"Only from: {escape(limits)}") if limits else ""
    return gate(f'<section data-address="{escape(shared)}">{told}</section>')


def _actions(turn: Turn, number: int, *, last: bool) -> str:
    """The row under an answer. Only the last question can be asked again or changed."""
    at = f' data-turn="{number}"'
    again = button("retry", "Retry", at) + button("edit", "Edit", at) if last else ""
    return (
        f'<div class="dl-actions" role="group" aria-label="This answer">'
        f"{button('copy', 'Copy', at)}{button('link', 'Copy link', at)}{again}{_keep(at)}"
        f"{_thumb(turn, 'up', 'Good answer', at)}{_thumb(turn, 'down', 'Bad answer', at)}</div>"
        f"{_note(number)}"
    )


def _keep(at: str, label: str = "Save") -> str:
    kinds = "".join(button("save", name, f'{at} data-kind="{kind}"') for kind, name in _KINDS)
    return f'<details class="dl-save"><summary>{label}</summary><div>{kinds}</div></details>'


def _keep_all() -> str:
    """Saving the whole conversation."""
    return f'<div class="dl-actions dl-all">{_keep("", "Save the conversation")}</div>'


def _thumb(turn: Turn, rating: str, label: str, at: str) -> str:
    pressed = "true" if turn.rating == rating else "false"
    return button(rating, label, f'{at} aria-pressed="{pressed}"')


def _note(number: int) -> str:
    """A line to say why, shown by the page's script after a rating."""
    return (
        f'<form class="dl-note" data-turn="{number}" hidden>'
        f'<label for="dl-note-{number}">What was right or wrong? It stays in this collection’s '
        "folder, with the question and the answer.</label>"
        f'<textarea id="dl-note-{number}" rows="2" maxlength="{_LONGEST_NOTE}"></textarea>'
        f'<button type="submit" class="dl-act">Save the note</button>'
        '<span class="dl-thanks" role="status"></span></form>'
    )
