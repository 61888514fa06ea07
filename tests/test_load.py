import json
import os
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.article import Document, Metadata
from index.decode import SIZE_LIMIT
from index.failure import LoadFailure
from index.load import find_sources, load

LEDGER = "Talks on Libya opened in Geneva on Monday, and both delegations promised to stay."


def put(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def one(path: Path) -> Document:
    (item,) = load(path)
    assert isinstance(item, Document), item
    return item


def failure(path: Path) -> str:
    (item,) = load(path)
    assert isinstance(item, LoadFailure), item
    assert "\n" not in item.reason
    assert item.source == path.as_posix()
    return item.reason


# Finding files


def test_a_folder_gives_its_text_files_sorted_with_those_of_its_subfolders(tmp_path):
    wanted = ["a.txt", "b.MD", "c/a.json", "d.jsonl", "e.PDF", "f.warc.gz", "g.htm"]
    for name in [*wanted, "e.png", "e.gz", "f", ".hidden.txt", ".git/x.txt", "articles.csv"]:
        put(tmp_path / name, "file\n")
    assert find_sources([tmp_path]) == [tmp_path / name for name in wanted]


def test_a_file_named_twice_or_through_a_link_is_listed_once_under_its_own_name(tmp_path):
    file = put(tmp_path / "b.txt", LEDGER)
    (tmp_path / "a.txt").symlink_to(file)
    assert find_sources([tmp_path, str(file), tmp_path / "a.txt"]) == [file]


def test_a_file_name_that_is_not_utf8_gives_a_source_that_is(tmp_path):
    path = put(tmp_path / os.fsdecode(b"caf\xe9.txt"), LEDGER)
    assert one(path).source == f"{tmp_path}/caf\\udce9.txt"


def test_linked_folders_are_followed_and_loops_of_them_end(tmp_path):
    put(tmp_path / "in" / "a.txt", LEDGER)
    put(tmp_path / "out" / "b.txt", LEDGER)
    (tmp_path / "in" / "loop").symlink_to(tmp_path / "in")
    (tmp_path / "in" / "link").symlink_to(tmp_path / "out")
    assert find_sources([tmp_path / "in"]) == [
        tmp_path / "in" / "a.txt",
        tmp_path / "in" / "link" / "b.txt",
    ]


def test_a_given_path_that_cannot_be_loaded_is_listed_and_says_why(tmp_path):
    missing, picture = tmp_path / "no.txt", put(tmp_path / "a.png", "PNG")
    odd = Path("a\0b.txt")
    assert find_sources([missing, picture, odd]) == [missing, picture, Path.cwd() / odd]
    assert failure(missing) == "does not exist (any more); check the path"
    assert failure(picture) == (
        "has an unsupported suffix; give .txt, .md, .json, .jsonl, .csv, .html, .htm, .xhtml, .pdf,"
        " .docx, .eml, .mbox, .warc, .warc.gz, .wacz, .zip"
    )
    assert failure(Path.cwd() / odd).startswith("cannot be read (embedded null byte)")
    assert failure(tmp_path / ("long" * 100 + ".txt")).startswith("cannot be read (File name too")


def test_a_file_that_vanishes_after_listing_does_not_stop_the_others(tmp_path):
    put(tmp_path / "a.txt", LEDGER)
    put(tmp_path / "b.txt", LEDGER)
    first, second = find_sources([tmp_path])
    first.unlink()
    assert failure(first) == "does not exist (any more); check the path"
    assert one(second).text == LEDGER


# Files that are no articles


@pytest.mark.parametrize("content", ["", " \n\t \n", b"\xef\xbb\xbf", b"\xff\xfe"])
def test_an_empty_file_is_a_failure(tmp_path, content):
    reason = failure(put(tmp_path / "a.txt", content))
    assert reason == "is empty; put the article's text into it or remove it"


@pytest.mark.parametrize(
    "content",
    [
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        b"\xff\xd8\xff\xe0 cut short",
        b"PK\x03\x04 cut short",
        b"text\0text",
        bytes(range(1, 256)) * 9,
        b"\xff\xfe\0\0a\0",
    ],
)
def test_a_binary_file_is_a_failure(tmp_path, content):
    reason = failure(put(tmp_path / "a.txt", content))
    assert reason == "is not text but binary data; give it as plain text, Markdown or JSON"


def test_a_file_over_the_size_limit_is_a_failure(tmp_path):
    reason = failure(put(tmp_path / "a.txt", b"a" * (SIZE_LIMIT + 1)))
    assert reason == "is larger than 20 MB; split it into smaller files"


def test_a_file_without_permission_is_a_failure(tmp_path, monkeypatch):
    path = put(tmp_path / "a.txt", LEDGER)

    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)  # the tests may run as root, who may read all
    assert failure(path) == "cannot be read; give yourself read permission"


def test_a_link_to_itself_a_pipe_and_a_folder_are_failures(tmp_path):
    (tmp_path / "a.txt").symlink_to(tmp_path / "a.txt")
    os.mkfifo(tmp_path / "b.txt")
    (tmp_path / "c.txt").mkdir()
    assert failure(tmp_path / "a.txt").startswith("cannot be read (Too many levels of symbolic")
    assert failure(tmp_path / "b.txt").startswith("is not a regular file")
    assert failure(tmp_path / "c.txt").startswith("is a folder that cannot be listed")


# Encodings and characters


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8", "Où sont passés les combattants ? — “À Tripoli”, dit-il."),
        ("utf-8-sig", "Où sont passés les combattants ?"),
        ("utf-16", "Où sont passés les combattants ? В Москве."),
        ("cp1252", "“We’ll go,” the ministers said — at a café in Zürich, on Thursday."),
        ("latin-1", "El ministro señaló que la evacuación empezará mañana en España."),
        ("cp1251", "Министр иностранных дел России заявил, что военные покинут Ливию."),
        ("koi8-r", "Министр иностранных дел России заявил, что военные покинут Ливию."),
        ("cp1250", "Minister oświadczył, że żołnierze są już w drodze. Źródła milczą."),
        ("shift_jis", "外相は木曜日、すべての外国人戦闘員が撤退すべきだと述べた。"),
        ("gb18030", "外交部长周四表示，所有外国战斗人员都应撤出利比亚。"),
    ],
)
def test_text_of_usual_encodings_is_read_right(tmp_path, encoding, text):
    assert one(put(tmp_path / "a.txt", text.encode(encoding))).text == text


def test_a_broken_byte_in_utf8_costs_only_itself(tmp_path):
    data = "Où sont passés les combattants étrangers ? À Tripoli, à Misrata, là-bas.".encode()
    text = one(put(tmp_path / "a.txt", data.replace(b"Tripoli", b"Trip\xffoli"))).text
    assert "étrangers ? À Trip\ufffdoli, à Misrata" in text


def test_a_lone_surrogate_or_a_cut_last_byte_in_utf16_costs_only_itself(tmp_path):
    data = "\ufeffOne.".encode("utf-16-le") + b"\x00\xd8" + " Two.".encode("utf-16-le") + b"\x41"
    assert one(put(tmp_path / "a.txt", data)).text == "One. Two."


def test_newlines_control_characters_and_composition_are_normalised(tmp_path):
    path = put(tmp_path / "a.txt", "One\r\ntwo\rcafe\u0301\x07\tthree\x85four\n")
    assert one(path).text == "One\ntwo\ncafé\tthree\nfour\n"
    record = put(tmp_path / "a.json", r'{"text": "a\ud800b\u0000c\ufffed\n"}')
    assert one(record).text == "abcd\n"


@pytest.mark.parametrize("unit", ["word ", "a", "a | ", '"'])
def test_a_line_of_five_megabytes_loads_in_a_moment(tmp_path, unit):
    path = put(tmp_path / "a.txt", unit * (5_000_000 // len(unit.encode())))
    start = time.perf_counter()
    assert len(one(path).text) >= 30
    assert time.perf_counter() - start < 1


def test_a_long_run_of_combining_marks_is_cut_before_it_costs_quadratic_time(tmp_path):
    path = put(tmp_path / "a.txt", "e" + "\u0301\u0327" * 50_000 + " end")
    start = time.perf_counter()
    assert len(one(path).text) < 40
    assert time.perf_counter() - start < 1


# JSON


def test_each_line_of_jsonl_is_a_document_and_bad_ones_do_not_stop_the_others(tmp_path):
    lines = [
        json.dumps({"text": "One.", "title": "First", "outlet": "The Ledger"}),
        "{broken",
        "",
        json.dumps({"title": "No text"}),
        json.dumps({"body": 5}),
        json.dumps({"content": " "}),
        "[1]",
        '{"text": ' + "[" * 100_000,
        json.dumps({"Article": "Two\u2028lines.", "extra": {}}, ensure_ascii=False),
    ]
    path = put(tmp_path / "a.jsonl", "\n".join(lines))
    items = list(load(path))
    assert items[0] == Document(
        f"{path}#1", "One.", Metadata(title="First", publisher="The Ledger")
    )
    assert items[-1] == Document(f"{path}#9", "Two\nlines.")
    assert items[1:-1] == [
        LoadFailure(
            f"{path}#2",
            "is not valid JSON (Expecting property name enclosed in double quotes"
            " at line 2, column 2); correct that line",
        ),
        LoadFailure(f"{path}#4", "has no text; give it under one of text, body, content, article"),
        LoadFailure(f"{path}#5", "'body' is not text; write it as a quoted string"),
        LoadFailure(f"{path}#6", "'content' is empty; put the article's text into it"),
        LoadFailure(f"{path}#7", "is not a JSON object; give an object with a 'text'"),
        LoadFailure(
            f"{path}#8", "is not valid JSON (nested too deeply at line 8); correct that line"
        ),
    ]


def test_json_holds_one_record_or_a_list_of_them(tmp_path):
    single = put(tmp_path / "a.json", '{"text": "One."}')
    several = put(tmp_path / "b.json", '[{"text": "One."}, 7, {"text": "Two."}]')
    assert list(load(single)) == [Document(str(single), "One.")]
    assert [item.source for item in load(several)] == [f"{several}#{n}" for n in (1, 2, 3)]
    assert [isinstance(item, Document) for item in load(several)] == [True, False, True]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ('{"text":\n oops}', "is not valid JSON (Expecting value at line 2, column 2); correct it"),
        ('{"text": "a"}\n{"text": "b"}', "is not valid JSON (Extra data at line 2, column 1); cor"),
        ("[]", "is an empty list; put the articles into it or remove it"),
        ('"text"', "is not a JSON object; give an object with a 'text'"),
        ('{"text": ' + "9" * 5000 + "}", "is not valid JSON (a number with too many digits"),
    ],
)
def test_json_that_holds_no_record_is_a_failure(tmp_path, content, reason):
    assert failure(put(tmp_path / "a.json", content)).startswith(reason)


@pytest.mark.parametrize("key", ["published", "date", "published_at", "date_published"])
def test_a_record_declares_metadata_under_all_accepted_keys(tmp_path, key):
    for title, publisher, author, url in [
        ("title", "publisher", "author", "url"),
        ("headline", "source", "byline", "link"),
        ("Title", "site", "Author", "URL"),
    ]:
        record = {
            "text": "One.",
            title: "  Talks\n resume ",
            publisher: "The Ledger",
            author: "By Jane Doe",
            key: "2021-08-19T10:00:00Z",
            url: "https://ledger.example/1",
        }
        metadata = one(put(tmp_path / "a.json", json.dumps(record))).metadata
        assert metadata == Metadata(
            "Talks resume", "The Ledger", "Jane Doe", "2021-08-19", "https://ledger.example/1"
        )


def test_people_and_outlets_may_be_objects_or_lists_and_other_values_are_failures(tmp_path):
    record = {"text": "One.", "source": {"id": 1, "name": "The Ledger"}, "author": ["A B", "C D"]}
    metadata = one(put(tmp_path / "a.json", json.dumps(record))).metadata
    assert (metadata.publisher, metadata.author) == ("The Ledger", "A B, C D")
    for key, value in [("title", 5), ("title", ["a"]), ("author", 5), ("url", {"name": "x"})]:
        path = put(tmp_path / "b.json", json.dumps({"text": "One.", key: value}))
        assert failure(path) == f"'{key}' is not text; write it as a quoted string"


def test_an_address_that_is_not_of_the_web_is_unknown(tmp_path):
    path = put(tmp_path / "a.json", '{"text": "One.", "url": "javascript:alert(1)"}')
    assert one(path).metadata.url is None


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("2021-08-19", "2021-08-19"),
        ("2021-8-9", "2021-08-09"),
        ("2021/08/19", "2021-08-19"),
        ("20210819", "2021-08-19"),
        ("2021-08-19T23:30:00-05:00", "2021-08-19"),
        ("August 19, 2021", "2021-08-19"),
        ("Aug. 19th 2021", "2021-08-19"),
        ("Sept. 9, 2021", "2021-09-09"),
        ("19 August 2021", "2021-08-19"),
        ("19-Aug-2021", "2021-08-19"),
        ("Thursday, August 19, 2021 10:00 GMT", "2021-08-19"),
        ("Thu, 19 Aug 2021 10:00:00 +0000", "2021-08-19"),
        ("19.08.2021", "2021-08-19"),
        ("08/19/2021", "2021-08-19"),
        ("05.06.2021", None),
        ("12/12/2021", None),
        ("2021-02-30", None),
        ("30.02.2021", None),
        ("19.08.21", None),
        ("August 19", None),
        ("2021", None),
        ("yesterday", None),
        (1629367200, None),
        (None, None),
    ],
)
def test_dates_of_usual_forms_become_iso_dates_and_open_ones_unknown(tmp_path, written, iso):
    path = put(tmp_path / "a.json", json.dumps({"text": "One.", "published": written}))
    assert one(path).metadata.published == iso


# Front matter


def test_front_matter_declares_metadata_and_leaves_the_text(tmp_path):
    path = put(
        tmp_path / "a.md",
        "---\ntitle: 'Talks: a start'\nsource: The Ledger\nauthors: x\ndate: 2021-08-19\n"
        "author: No\nurl: null\n---\n\nTalks opened.\n---\nAnd ended.\n",
    )
    document = one(path)
    assert document.text == "Talks opened.\n---\nAnd ended.\n"
    assert document.metadata == Metadata("Talks: a start", "The Ledger", "No", "2021-08-19", None)


def test_front_matter_of_unknown_fields_alone_leaves_the_text_too(tmp_path):
    path = put(tmp_path / "a.md", "---\nlayout: post\ntags: [a, b]\n---\nTalks opened.\n")
    assert one(path) == Document(str(path), "Talks opened.\n")


@pytest.mark.parametrize(
    "text",
    [
        "---\ntitle: " + "a" * 70_000 + "\n---\nMore soon.\n",
        "---\n\nTalks opened.\n\n---\n\nAnd ended.\n",
        "---\nBreaking: talks have opened\n---\nMore soon.\n",
        '---\nHe said: "yes" and: \'no\n---\nMore soon.\n',
        "---\nTalks opened.\n",
        "--- Talks opened.\n",
        "---\n- one\n- two\n---\nMore soon.\n",
    ],
)
def test_a_text_with_dividers_but_no_fields_is_all_text(tmp_path, text):
    assert one(put(tmp_path / "a.txt", text)) == Document(str(tmp_path / "a.txt"), text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("---\ntitle: a\ndate: [1\n---\nText.\n", "line 4: front matter is not valid YAML"),
        ("\n---\ntitle: a: b\n---\nText.\n", "line 3: front matter is not valid YAML"),
        ("---\ntitle: a\n\nText.\n", "line 1: front matter is never closed; add a line ---"),
        ("---\ntitle: [a]\n---\nText.\n", "'title' is not text"),
        ("---\ntitle: a\n---\n \n", "has no text after its front matter"),
        ("---\nauthor: [[a]]\n---\nText.\n", "'author' is not text"),
        ("---\ntitle: " + "[" * 9000 + "\n---\nText.\n", "line 1: front matter is not valid"),
    ],
)
def test_broken_front_matter_is_a_failure_that_names_the_line(tmp_path, text, reason):
    assert failure(put(tmp_path / "a.md", text)).startswith(reason)


# Tables beside the files


def test_a_csv_table_describes_the_files_beside_it_and_front_matter_wins(tmp_path):
    plain = put(tmp_path / "a.txt", LEDGER)
    marked = put(tmp_path / "b.md", f"---\ntitle: Mine\n---\n{LEDGER}")
    put(
        tmp_path / "articles.csv",
        "\ufefffile,title,publisher,author,published,url\r\n"
        'a.txt,"Talks, again",The Ledger,,19 August 2021,https://ledger.example/a\r\n'
        "./b.md,Theirs,The Post,Jane Doe,,\r\n",
    )
    assert find_sources([tmp_path]) == [plain, marked]
    assert one(plain).metadata == Metadata(
        "Talks, again", "The Ledger", None, "2021-08-19", "https://ledger.example/a"
    )
    assert one(marked).metadata == Metadata("Mine", "The Post", "Jane Doe")


def test_a_jsonl_table_has_files_and_no_texts_else_it_is_data(tmp_path):
    plain = put(tmp_path / "a.txt", LEDGER)
    table = put(tmp_path / "articles.jsonl", '{"file": "a.txt", "title": "Talks"}\n')
    assert find_sources([tmp_path, table]) == [plain]
    assert list(load(table)) == []
    assert one(plain).metadata == Metadata("Talks")
    put(table, '{"file": "a.txt", "title": "Talks", "text": "One."}\n{"text": "Two."}\n')
    assert find_sources([tmp_path]) == [plain, table]
    assert [item.source for item in load(table)] == [f"{table}#1", f"{table}#2"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("name,title\na.txt,Talks\n", "line 1 has no 'file' column; it must be like file,title,"),
        ("file,title\na.txt,Talks\nb.txt,a,b\n", "line 3 has too many values; quote those with"),
        ("file,title\na.txt,Talks\n,b\n", "line 3 names no file; give it a 'file' column"),
        ('file,title\na.txt,Talks\nb.txt,"open\n', "line 3 is not valid CSV (unexpected end"),
        (b"\0\0", "is not text but binary data"),
        ("", "is empty"),
    ],
)
def test_a_broken_table_is_one_failure_and_the_articles_still_load(tmp_path, content, reason):
    for name in ("a.txt", "c.txt"):
        put(tmp_path / name, LEDGER)
    table = put(tmp_path / "articles.csv", content)
    assert find_sources([tmp_path]) == [tmp_path / "a.txt", tmp_path / "c.txt", table]
    assert failure(table).startswith(reason)
    title = "Talks" if b"file" in table.read_bytes()[:4] else None
    assert one(tmp_path / "a.txt").metadata.title == title
    assert one(tmp_path / "c.txt").text == LEDGER


def test_a_broken_line_of_a_jsonl_table_is_its_failure(tmp_path):
    file = put(tmp_path / "a.txt", LEDGER)
    table = put(tmp_path / "articles.jsonl", '{"file": "b.txt"}\n{"file"\n{"file": "a.txt", "url"')
    assert find_sources([file]) == [file, table]
    assert failure(table) == "line 2 is not a JSON object; correct that line"


# Whatever comes


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["a.txt", "a.md", "a.json", "a.jsonl"]))
def test_any_bytes_give_documents_or_failures(tmp_path_factory, content, name):
    path = put(tmp_path_factory.mktemp("any") / name, content)
    for item in load(path):
        assert isinstance(item, Document | LoadFailure)
        assert item.source.startswith(str(path))


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=st.sampled_from("-:\n\t []{}\"'&*#|>!%@`atitle,0"), max_size=80))
def test_any_front_matter_gives_a_document_or_a_failure(tmp_path_factory, block):
    path = put(tmp_path_factory.mktemp("any") / "a.md", f"---\n{block}\n---\nText.\n")
    (item,) = load(path)
    assert isinstance(item, Document | LoadFailure)
