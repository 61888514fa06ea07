"""The report: complete in itself, inert whatever the articles hold, and saying what it should."""

import base64
import hashlib
import json
import re
from html.parser import HTMLParser

import pytest
from markdown_it import MarkdownIt

from index.errors import UsageError
from rag.evaluate import compare, evaluate, read_earlier
from rag.evaluation.compare import Earlier
from rag.evaluation.figures import Figure
from rag.evaluation.statistics import Difference
from tests.hostile import HOSTILE
from tests.scripted_engine import Line, ScriptedEngine
from ui import plots, report_words, summary
from ui.plots import Dot, Row
from ui.report import report_html, write_report

VOID = {"meta", "br"}


class Page(HTMLParser):
    """Every tag, attribute and text of a page; fails where tags do not match."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.attributes, self.texts, self._open = [], [], [], []
        self.feed(page)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, *each) for each in attrs]
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, *each) for each in attrs]

    def handle_endtag(self, tag):
        assert self._open.pop() == tag

    def handle_data(self, data):
        if "style" not in self._open:
            self.texts.append(data)

    @property
    def text(self):
        return " ".join(" ".join(self.texts).split())


@pytest.fixture
def evaluated(tmp_path):
    """Evaluate gold records over scripted lines."""

    def evaluated(records, script, articles=None):
        path = tmp_path / "gold.jsonl"
        path.write_text("\n".join(json.dumps(record) for record in records))
        return evaluate(
            ScriptedEngine(articles or {"a": "Ten bases stand in Libya."}, script), path
        )

    return evaluated


@pytest.fixture
def bases(evaluated):
    """Two questions: one right, one answered although the articles do not say."""

    def bases(script=None):
        quote = ("a", "Ten bases")
        lines = {
            "How many bases?": Line("Ten bases [1].", "Ten", [quote], 1, 0.8, 0.05),
            "How many ships?": Line("Ten bases [1].", "Ten", [quote], 1, 0.35, 0.07),
        }
        evidence = [{"article": "a.txt", "quote": "Ten bases stand"}]
        records = [
            {"id": "b", "kind": "number", "question": "How many bases?", "answers": ["Ten"]},
            {"id": "s", "kind": "unanswerable", "question": "How many ships?", "answers": []},
        ]
        records[0]["evidence"] = evidence
        return evaluated(records, lines | (script or {}))

    return bases


@pytest.fixture
def hostile(evaluated):
    """Every text attacks: questions, ids, kinds, answers, articles, quotes, stages, the engine."""
    articles = {f"h{number}": f"The {words} end." for number, words in enumerate(HOSTILE)}
    records, script = [], {}
    for number, words in enumerate(HOSTILE):
        asked = f"What is {words}?"
        records.append(
            {
                "id": f"{number} {words}",
                "kind": words,
                "question": asked,
                "answers": [f"not {words}"],
                "evidence": [{"article": f"h{number}.txt", "quote": words}],
            }
        )
        error = words if number == 2 else ""
        script[asked] = Line(f"{words} [1]", words, [(f"h{number}", words)], 1, 0.5, error=error)
    return evaluated(records, script, articles)


def test_the_page_is_complete_in_itself(bases):
    page = report_html(bases())
    parsed = Page(page)
    assert not {"script", "link", "img", "iframe", "object", "a"} & set(parsed.tags)
    assert not [each for each in parsed.attributes if each[1] in {"src", "href", "style"}]
    assert "url(" not in page
    assert "http" not in page.replace("http-equiv", "")
    assert 'http-equiv="Content-Security-Policy" content="default-src &#x27;none&#x27;;' in page


def test_the_policy_allows_exactly_the_style_sheet_of_the_page(bases):
    page = report_html(bases())
    style = re.search("<style>(.*)</style>", page, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src &#x27;sha256-{digest}&#x27;;" in page


def test_hostile_words_reach_the_page_as_text_alone(hostile):
    parsed = Page(report_html(hostile))
    assert set(parsed.tags) <= {
        *("html", "head", "meta", "title", "style", "body", "main", "header", "section", "h1"),
        *("h2", "h3", "p", "table", "thead", "tbody", "tr", "th", "td", "code", "blockquote"),
        *("div", "details", "summary", "figure", "figcaption", "ul", "li"),
        *("svg", "g", "line", "path", "rect", "circle", "text"),
    }
    assert not [name for _, name, _ in parsed.attributes if name.startswith("on")]
    assert "<script>alert(1)</script>" in parsed.text
    assert "\x1b" not in parsed.text
    assert "\u202e" not in parsed.text


def test_hostile_words_are_inert_in_markdown(hostile):
    hostile_summary = summary.markdown(hostile, compare(_answered_otherwise(hostile), hostile))
    reader = MarkdownIt("commonmark").enable("table")
    blocks = reader.parse(hostile_summary)
    inline = {each.type for block in blocks for each in block.children or ()}
    assert inline <= {
        "text",
        "text_special",
        "softbreak",
        "hardbreak",
        "strong_open",
        "strong_close",
    }
    assert {block.type.removesuffix("_open").removesuffix("_close") for block in blocks} == {
        *("heading", "paragraph", "inline", "blockquote", "bullet_list", "list_item"),
        *("table", "thead", "tbody", "tr", "th", "td"),
    }
    headings = re.findall(r"<h\d>(.*)</h\d>", reader.render(hostile_summary))
    assert headings == ["Evaluation", "Better: 0", f"Worse: {len(HOSTILE)}", "Time by stage"]
    assert "https://" not in hostile_summary


def _answered_otherwise(evaluation):
    """An earlier run that got every question right, so that each is listed as worse."""
    return {
        result.item.id: Earlier(
            result.item.question,
            True,
            result.outcome.text,
            {**result.scores, "correct": (1.0 - result.scores["correct"][0], 1.0)},
        )
        for result in evaluation.results
    }


def test_the_page_lists_what_to_look_into_with_its_reason(bases):
    text = Page(report_html(bases())).text
    assert "To look into: 1 of 2" in text
    assert "How many ships? s · unanswerable The articles do not say." in text
    assert "answered, though the articles do not say Ten bases [1]. confidence 0.35" in text
    assert "Ten bases a.txt (elsewhere than gold evidence)" in text


def test_the_page_says_when_nothing_is_to_be_looked_into(bases):
    page = report_html(bases({"How many ships?": Line("", None, [], 0, 0.1)}))
    assert "Every question came out right." in page


def test_the_page_shows_every_figure_with_its_interval_and_n(bases):
    text = Page(report_html(bases())).text
    assert re.search(r"Right in all correct Questions .* say\. 0\.500 0\.000 to 1\.000 2 ", text)
    assert "n=1" in text


def test_the_page_draws_risk_calibration_and_time_and_tells_them_in_numbers(bases):
    page = report_html(bases())
    drawn = re.findall(r'<svg [^>]*aria-label="([^"]*)">(.*?)</svg>', page, re.DOTALL)
    shapes = dict(drawn)
    # Two answers of confidence 0.8, right, and 0.35, wrong.
    assert numbers(shapes["Risk and coverage"], "circle", "cx") == [216, 382]
    assert (
        "confidence 0.35 or more: 100% answered, 50% of them wrong" in shapes["Risk and coverage"]
    )
    assert shapes["Calibration"].count("<circle") == 2
    assert "confidence 0.8 to 0.9: 100% of 1 answer right" in shapes["Calibration"]
    assert "Expected calibration error: 0.275 (0.200 to 0.350)." in Page(page).text
    assert "read: half within 30 ms" in shapes["Time by stage"]
    text = Page(page).text
    assert "Stage p50 95% interval p95 95% interval n read 30 ms 25 ms to 35 ms 34 ms" in text
    assert "whole answer 60 ms 50 ms to 70 ms 69 ms" in text


def test_the_summary_tells_the_time_of_each_stage(bases):
    assert "| read | 30 ms | 25 ms to 35 ms | 34 ms |" in summary.markdown(bases())


def test_failures_and_warnings_come_first_on_page_and_summary(bases):
    evaluation = bases({"How many ships?": Line(error="The model left.")})
    told = "1 of 2 questions failed and count as wrong; the first: The model left."
    assert told in Page(report_html(evaluation)).text
    assert f"> {told}" in summary.markdown(evaluation)


def test_a_comparison_is_shown_on_page_and_summary(bases, tmp_path):
    write_report(tmp_path, bases())
    later = bases({"How many ships?": Line("", None, [], 0, 0.1)})
    comparison = compare(read_earlier(tmp_path / "results.json"), later)
    text = Page(report_html(later, comparison)).text
    assert "Better: 1" in text
    assert "How many ships? s Ten bases [1]. The articles do not say." in text
    words = summary.markdown(later, comparison)
    assert "### Better: 1\n\n- s: How many ships?  \n  before: Ten bases \\[1\\]." in words
    assert "| Answer: Right in all | 1.000 | 1.000 to 1.000 | 2 | +0.500 |" in words


def test_an_evaluation_without_confidence_or_evidence_has_fewer_plots(evaluated):
    record = {"id": "b", "question": "How many?", "answers": ["Ten"]}
    bare = evaluated([record], {"How many?": Line("Ten [1].", None, [("a", "Ten")], 1)})
    text = Page(report_html(bare)).text
    assert "Right in all, by kind" in text
    assert "Risk and coverage" not in text
    assert "Calibration" not in text


def test_a_report_that_cannot_be_written_is_one_line(bases, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match="Choose another folder"):
        write_report(tmp_path / "file" / "report", bases())


# Plots


def numbers(markup, tag, name):
    return [float(each) for each in re.findall(rf'<{tag}[^>]* {name}="([\d.]+)"', markup)]


def test_bars_are_as_long_as_their_values():
    rows = [Row("one", 1.0, None, None, "1", ""), Row("half", 0.5, 0.25, 0.75, "0.5", "")]
    drawn = plots.bars("Shares", rows)
    long, short = numbers(drawn, "rect", "width")
    assert short == pytest.approx(long / 2, abs=0.1)
    assert drawn.count('class="whisker"') == 1


def test_a_curve_runs_from_lower_left_upwards():
    drawn = plots.curve("Curve", [Dot(0, 0, ""), Dot(0.5, 1, ""), Dot(1, 0.5, "")], "x", "y")
    x, y = numbers(drawn, "circle", "cx"), numbers(drawn, "circle", "cy")
    assert x[1] == pytest.approx((x[0] + x[2]) / 2, abs=0.1)
    assert y[1] < y[2] < y[0]


def test_texts_of_a_plot_are_escaped():
    attack = '"><script>alert(1)</script>'
    drawn = plots.bars(attack, [Row(attack, 0.5, None, None, attack, attack)])
    drawn += plots.reliability(attack, [Dot(0.5, 0.5, attack)], attack, attack)
    assert "<script" not in drawn
    Page(drawn)


# Words


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.0048, "4.8 ms"), (0.0481, "48 ms"), (1.254, "1.25 s"), (0, "0.0 ms")]
)
def test_times_are_written_in_the_unit_that_fits(seconds, words):
    assert report_words.seconds_words(seconds) == words


def test_a_figure_without_value_is_a_dash():
    nothing = Figure("answer", None, None, None, 0)
    assert (report_words.value_words(nothing), report_words.interval_words(nothing)) == ("–", "–")


@pytest.mark.parametrize(
    ("name", "value", "p", "verdict"),
    [
        ("answer", 0.1, 0.01, True),
        ("answer", -0.1, 0.01, False),
        ("ece", 0.1, 0.01, False),
        ("seconds_p50", -0.1, 0.01, True),
        ("answer", 0.1, 0.2, None),
    ],
)
def test_a_difference_is_better_or_worse_only_when_chance_is_unlikely(name, value, p, verdict):
    assert report_words.better(name, Difference(value, None, None, p, 9, 9)) is verdict
