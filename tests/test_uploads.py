"""Files handed over are kept in the home, and each has its own outcome."""

import pytest

import rag
from index.errors import UsageError
from index.uploads import keep_uploads, uploaded_name
from tests.fake_embedding import WordEmbedding
from ui.adding import Adding, add_addresses, add_files, addresses_in
from ui.adding_html import adding_html, summary

TEXT = "The harbour of Port Vale closed on Monday after 412 containers fell into the sea."


@pytest.fixture
def engine(tmp_path):
    with rag.connect(tmp_path / "home", embedding=WordEmbedding(), reader="features") as opened:
        yield opened


@pytest.fixture
def given(tmp_path):
    """Make files as a browser hands them over, each in a folder of its own."""

    def make(**contents):
        files = []
        for number, (name, content) in enumerate(contents.items()):
            folder = tmp_path / "temporary" / f"{len(list(tmp_path.rglob('*')))}-{number}"
            folder.mkdir(parents=True)
            file = folder / name.replace("_", ".")
            file.write_bytes(content if isinstance(content, bytes) else content.encode())
            files.append(file)
        return files

    return make


def outcomes(engine, files):
    *_, last = add_files(engine, files)
    return {step.name: (step.state, step.words) for step in last}


def test_every_file_has_its_own_outcome_and_none_stops_the_others(engine, given):
    files = given(
        empty_txt="",
        good_txt=TEXT,
        picture_bin=bytes(range(256)),
        large_txt="word " * 4_100_000,
        two_jsonl='{"text": "One article."}\n{"text": "Another article."}\n{"title": "none"}\n',
    )
    told = outcomes(engine, files)
    assert told["good.txt"] == ("done", "1 article added")
    assert told["empty.txt"][0] == told["picture.bin"][0] == told["large.txt"][0] == "failed"
    assert told["empty.txt"][1].startswith("is empty")
    assert told["large.txt"][1] == "is larger than 20 MB; split it into smaller files"
    assert told["two.jsonl"][0] == "done"
    assert told["two.jsonl"][1].startswith("2 articles added; record 3 ")
    assert len(engine.articles()) == 3


def test_the_source_of_an_upload_stays_and_a_failed_one_is_deleted(engine, given, tmp_path):
    files = given(good_txt=TEXT, picture_bin=bytes(range(256)))
    outcomes(engine, files)
    for file in files:
        file.unlink()
    kept = [file for file in (tmp_path / "home" / "uploads").rglob("*") if file.is_file()]
    assert [file.name for file in kept] == ["good.txt"]
    assert [row.source for row in engine.articles()] == [kept[0].as_posix()]
    assert engine.ingest([kept[0]]).unchanged == (kept[0].as_posix(),)


def test_an_upload_is_deleted_with_the_last_article_that_came_of_it(engine, given, tmp_path):
    outcomes(engine, given(two_jsonl='{"text": "One article."}\n{"text": "Another article."}\n'))
    outcomes(engine, given(other_txt=TEXT))
    uploads = tmp_path / "home" / "uploads"
    first, second = (row.id for row in engine.articles() if "two.jsonl" in row.source)
    for removed, left in ((first, ["other.txt", "two.jsonl"]), (second, ["other.txt"])):
        engine.put_into_bin([removed])
        engine.empty_bin(["nothing"])
        assert sorted(file.name for file in uploads.glob("*/*")) == ["other.txt", "two.jsonl"]
        engine.empty_bin([removed])
        assert sorted(file.name for file in uploads.glob("*/*")) == left


def test_the_same_file_again_changes_nothing_and_its_namesake_is_another_article(engine, given):
    assert outcomes(engine, given(a_txt=TEXT))["a.txt"] == ("done", "1 article added")
    assert outcomes(engine, given(a_txt=TEXT))["a.txt"] == ("done", "1 article unchanged")
    assert outcomes(engine, given(a_txt="Quite another."))["a.txt"] == ("done", "1 article added")
    assert outcomes(engine, given(b_txt=TEXT))["b.txt"] == (
        "failed",
        "is the same article as a.txt; it is stored once",
    )
    assert len(engine.articles()) == 2


def test_a_table_describes_the_files_handed_over_with_it(engine, given):
    files = given(a_txt=TEXT, articles_csv="file,title,publisher\na.txt,Harbour shut,Port Post\n")
    outcomes(engine, files)
    (row,) = engine.articles()
    assert (row.metadata.title, row.metadata.publisher) == ("Harbour shut", "Port Post")


def test_namesakes_handed_over_together_are_all_kept(tmp_path, given):
    files = [*given(a_txt="One."), *given(a_txt="Two.")]
    assert [copy.name for copy in keep_uploads(tmp_path / "home", files)] == ["a.txt", "a-2.txt"]
    assert [copy.read_text() for copy in keep_uploads(tmp_path / "home", files)] == ["One.", "Two."]


def test_while_another_process_writes_every_file_says_so(engine, given, tmp_path):
    other = rag.connect(tmp_path / "home", embedding=WordEmbedding(), reader="features")
    with other:
        other.ingest(given(first_txt="A first article."))
        told = outcomes(engine, given(a_txt=TEXT, b_txt="Another."))
    assert {state for state, _ in told.values()} == {"failed"}
    assert all(words.startswith("Another process is writing to") for _, words in told.values())
    assert outcomes(engine, given(a_txt=TEXT))["a.txt"] == ("done", "1 article added")


def test_a_page_that_is_closed_loses_no_upload(engine, given):
    steps = add_files(engine, given(a_txt=TEXT, b_txt="Another article."))
    next(steps)
    steps.close()
    with engine.writing():  # waits for the turn of the upload
        assert len(engine.articles()) == 2


def test_an_address_that_cannot_be_fetched_is_a_line(engine):
    *_, last = add_addresses(engine, ["http://127.0.0.1:8080/article"])
    (step,) = last
    assert step.state == "failed"
    assert "public" in step.words
    assert "\n" not in step.words


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        (" \n ", "There is no address: type one a line."),
        ("file:///etc/passwd", "file:///etc/passwd is no address"),
        ("javascript:alert(1)", "is no address: it must begin with http:// or https://"),
        ("\n".join(f"http://a.example/{n}" for n in range(101)), "101 addresses are too many"),
    ],
)
def test_what_is_no_address_is_refused_before_anything_is_fetched(typed, problem):
    with pytest.raises(UsageError, match=problem):
        addresses_in(typed)


def test_addresses_are_taken_a_line_each_and_once():
    typed = " https://a.example/1 \n\nHTTP://b.example/2\nhttps://a.example/1\n"
    assert addresses_in(typed) == ["https://a.example/1", "HTTP://b.example/2"]


def test_outcomes_are_told_in_one_line_and_escaped():
    steps = (
        Adding("<img src=x onerror=alert(1)>.txt", "done", "1 article added", 1.0),
        Adding("b.txt", "failed", "is <b>empty</b>", 1.0),
        Adding("c.txt", "reading", "reading", None),
    )
    html = adding_html(steps)
    assert summary(steps) == "2 of 3 done …"
    assert summary(steps[:2]) == "1 taken in, 1 not taken in."
    assert "<img" not in html
    assert "<b>" not in html
    assert "&lt;img src=x onerror=alert(1)&gt;.txt" in html


def test_only_uploads_are_shown_by_their_names_alone(tmp_path):
    assert uploaded_name(tmp_path, f"{tmp_path}/uploads/0123456789ab/a.txt") == "a.txt"
    assert uploaded_name(tmp_path, "/somewhere/a.txt") == "/somewhere/a.txt"
