"""Each format gives its article's words and facts, and nothing that only carries them."""

import gzip
import io
import zipfile
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from fpdf import FPDF

import rag
from index.article import Document, Metadata
from index.clean import page_starts, prepare
from index.failure import LoadFailure
from index.formats.kinds import kind_of
from index.formats.paper import joined_pages
from index.formats.shown_dates import date_in, shown_date
from index.home import Home
from index.ingest import article_id, ingest
from index.load import find_sources, load
from index.parse import parse
from tests.fake_embedding import WordEmbedding
from tests.hostile_files import http, record, zipped

PIER = "The harbour board voted on Monday to close the north pier until spring."
FERRY = "The ferry to the islands will leave from the market square meanwhile."
BOARD = "Its chairwoman said that the money for the repair had been found in a drawer."
PAGE = f"""<html><head><title>Pier closed until spring | Harbour Wire</title>
<meta property="og:site_name" content="Harbour Wire"></head><body><article><h1>Pier closed until
spring</h1><time datetime="2021-03-05" class="published">5 March</time>
<p>{PIER}</p><p>{FERRY}</p><p>{BOARD}</p></article></body></html>"""
FACTS = Metadata(title="Pier closed until spring", publisher="Harbour Wire", published="2021-03-05")


def documents(data: bytes | str, name: str, media_type: str | None = None) -> list[Document]:
    content = data if isinstance(data, bytes) else data.encode()
    items = parse(content, name, name, media_type)
    failed = [item for item in items if isinstance(item, LoadFailure)]
    assert failed == []
    return items


def one(data: bytes | str, name: str, media_type: str | None = None) -> Document:
    (document,) = documents(data, name, media_type)
    return document


def reason(data: bytes | str, name: str) -> str:
    (failure,) = parse(data if isinstance(data, bytes) else data.encode(), name, name)
    assert isinstance(failure, LoadFailure), failure
    return failure.reason


# Which format


@pytest.mark.parametrize(
    ("name", "media_type", "data", "kind"),
    [
        ("a.HTM", None, b"x", "html"),
        ("a.warc.gz", None, b"x", "warc"),
        ("https://x.test/news/pier.php?id=1", "text/html; charset=utf-8", b"x", "html"),
        ("https://x.test/pier.pdf?v=2", None, b"x", "pdf"),
        ("https://x.test/pier", "application/octet-stream", b"%PDF-1.7", "pdf"),
        ("https://x.test/pier", "text/plain", b"Pier", "text"),
        ("a.txt", None, b"\n<!DOCTYPE HTML><html>", "html"),
        ("a.txt", None, b"The <html> tag is thirty.", "text"),
        ("https://[", None, b"x", None),
        ("a.png", "image/png", b"x", None),
    ],
)
def test_name_media_type_and_first_bytes_tell_the_format(name, media_type, data, kind):
    assert kind_of(data, name, media_type) == kind


# Web pages


def test_a_page_gives_its_body_and_facts():
    document = one(PAGE, "a.html")
    assert prepare(document) == ("\n".join((PIER, FERRY, BOARD)), FACTS)


def test_a_page_from_an_address_has_that_address_unless_it_names_another():
    address = "https://x.test/pier?id=1"
    assert one(PAGE, address, "text/html").metadata.url == address
    linked = PAGE.replace("<head>", '<head><link rel="canonical" href="/pier">')
    assert one(linked, address, "text/html").metadata.url == "https://x.test/pier"
    front = PAGE.replace("<head>", '<head><link rel="canonical" href="https://x.test/">')
    assert one(front, address, "text/html").metadata.url == address


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-2", "windows-1251", "shift_jis"])
def test_a_page_is_read_in_the_charset_that_it_or_its_server_states(charset):
    word = {"iso-8859-2": "Łódź", "windows-1251": "Москва", "shift_jis": "東京"}.get(
        charset, "Łódź"
    )
    body = PAGE.replace("north pier", word)
    stated = body.replace("<head>", f"<head><meta charset={charset}>")
    assert word in one(stated.encode(charset), "a.html").text
    assert word in one(body.encode(charset), "a.html", f"text/html; charset={charset}").text


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("Publié le 5 mars 2021 à 08h30", "2021-03-05"),
        ("5 de marzo de 2021", "2021-03-05"),
        ("Freitag, 5. März 2021, 18:20 Uhr", "2021-03-05"),
        ("venerdì 5 marzo 2021", "2021-03-05"),
        ("5 de março de 2021 às 10h", "2021-03-05"),
        ("vrijdag 5 maart 2021", "2021-03-05"),
        ("Mar. 5th, 2021 at 4pm", "2021-03-05"),
        ("25/12/2021", "2021-12-25"),
        ("05/06/2021", None),
        ("31 June 2021", None),
        ("Chapter 5 verse 2021", None),
    ],
)
def test_dates_are_read_as_pages_show_them(text, iso):
    assert date_in(text) == iso


def test_the_date_of_a_change_is_not_that_of_publication():
    lines = ["Actualizado el 6 de marzo de 2021", "5 de marzo de 2021"]
    assert shown_date(lines) == ("2021-03-05", lines[1])
    assert shown_date(["x" * 130 + " 5 March 2021"]) == (None, None)


# PDF


class Paper(FPDF):
    def header(self):
        self.set_font("Helvetica", "", 9)
        self.cell(0, 8, "HARBOUR WIRE   Friday 5 March 2021", new_x="LMARGIN", new_y="NEXT")

    def footer(self):
        self.set_y(-15)
        self.set_font("Helvetica", "", 9)
        self.cell(0, 8, f"Page {self.page_no()} of 5")


def reports(count: int) -> list[str]:
    """Paragraphs of which no two have a line in common, as those of a newspaper."""
    names = [f"{a}{b}" for a in ("Ada", "Bo", "Cleo", "Dora", "Emil") for b in "klmnoprstv"]
    return [
        f"The boat {name} left {name} pier. "
        + " ".join(f"{name}{end} saw it." for end in "abcdefghij")
        + f" The {name} board voted to close the {name} pier until {name} spring comes to {name}."
        for name in names[:count]
    ]


def paper(paragraphs: list[str]) -> bytes:
    pdf = Paper()
    pdf.set_title("Pier closed until spring")
    pdf.add_page()
    pdf.set_font("Helvetica", "", 11)
    for text in paragraphs:
        pdf.multi_cell(0, 6, text, align="L")
        pdf.ln(4)
    return bytes(pdf.output())


def test_a_pdf_gives_whole_paragraphs_without_heads_and_feet_and_its_pages():
    told = reports(50)
    document = one(paper(told), "a.pdf")
    assert document.text.split() == " ".join(told).split()
    # A line that is short and ends a sentence may close a paragraph too early, never within one.
    assert all(part[0].isupper() and part[-1] == "." for part in document.text.split("\n\n"))
    assert document.metadata.title == FACTS.title
    assert len(document.pages) == 5
    assert document.pages[0] == 0
    body, _ = prepare(document)
    starts = page_starts(document, body)
    assert [body[at : at + 20] for at in starts] == [
        document.text[at : at + 20] for at in document.pages
    ]


def test_broken_words_are_made_whole_and_hyphenated_ones_keep_their_hyphen():
    lines = [
        "The govern-",
        "ment met the prime-",
        "ministerial aide. A prime-ministerial car left.",
    ]
    assert joined_pages(["\n".join(lines)])[0] == (
        "The government met the prime-ministerial aide. A prime-ministerial car left."
    )


def test_a_page_begins_where_its_first_words_stand():
    text, starts = joined_pages(["The board met on", "Monday morning.", "", "Nobody came to it."])
    assert text == "The board met on Monday morning.\n\nNobody came to it."
    assert [text[at:].split()[0] for at in starts] == ["The", "Monday", "Nobody", "Nobody"]


def test_pages_stay_with_their_words_when_cleaning_drops_some():
    text = f"{PIER}\n\nAdvertisement\n\n{FERRY}\n\nRead more: {PIER}\n\n{BOARD}"
    pages = (0, text.index("Advert"), text.index("Read more"))
    body, _ = prepare(document := Document("a", text, Metadata(title="x"), pages))
    starts = page_starts(document, body)
    assert [body[at : at + 9] for at in starts] == [PIER[:9], FERRY[:9], BOARD[:9]]


def test_a_citation_names_the_page_it_quotes(tmp_path):
    told = reports(50)
    told[40] = "The walrus was seen by 64 fishermen on the ice of the bay."
    (tmp_path / "a.pdf").write_bytes(paper(told))
    with rag.connect(tmp_path / "home") as engine:
        assert engine.ingest([tmp_path / "a.pdf"]).failed == ()
        answer = engine.ask("How many fishermen saw the walrus?")
        (citation,) = answer.citations
        article = engine.article(citation.article.id)
    page = citation.article.page
    assert page == sum(start <= citation.start for start in article.pages) > 1
    assert answer.to_dict()["citations"][0]["article"]["page"] == page


def test_a_scanned_or_locked_pdf_says_what_to_do():
    blank = FPDF()
    blank.add_page()
    assert "OCR" in reason(bytes(blank.output()), "a.pdf")
    locked = FPDF()
    locked.set_encryption("owner", "user")
    locked.add_page()
    assert reason(bytes(locked.output()), "a.pdf").startswith("is locked with a password")


# Word


def test_a_word_document_gives_paragraphs_and_table_rows_in_order():
    word = docx.Document()
    word.add_heading("Pier closed until spring", 1)
    word.add_paragraph(PIER)
    table = word.add_table(1, 2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "Repair", "2 million"
    word.add_paragraph(BOARD)
    word.core_properties.title = "Pier closed until spring"
    word.core_properties.author = "Jane Doe"
    out = io.BytesIO()
    word.save(out)
    document = one(out.getvalue(), "a.docx")
    assert document.text.split("\n\n") == [FACTS.title, PIER, "Repair | 2 million", BOARD]
    assert document.metadata == Metadata(title=FACTS.title, author="Jane Doe")


# Mail

MAIL = f"""From: Harbour Wire <news@wire.test>
Subject: =?utf-8?q?Pier_closed_until_spring?=
Date: Fri, 5 Mar 2021 23:30:00 -0500
Content-Type: multipart/alternative; boundary=b

--b
Content-Type: text/plain

Open this letter in a browser.
--b
Content-Type: text/html; charset=utf-8

<html><style>p {{}}</style><table><tr><td><p>{PIER}</p><p>{FERRY}<br>{BOARD}</p></td></tr></table>
--b--
"""


def test_a_newsletter_gives_its_text_sender_subject_and_date():
    document = one(MAIL, "a.eml")
    assert document.text.split("\n\n") == [PIER, FERRY, BOARD]
    assert document.metadata == FACTS
    plain = MAIL.replace("Open this letter in a browser.", f"{PIER} {FERRY} {BOARD}")
    assert one(plain, "a.eml").text.strip() == f"{PIER} {FERRY} {BOARD}"


def test_each_message_of_a_mailbox_is_an_article():
    box = f"From a Mon\n{MAIL}\nFrom b Tue\nSubject: Re: Bees\n\n>From here on: {BOARD}\n"
    first, second = documents(box, "a.mbox")
    assert (first.source, second.source) == ("a.mbox#1", "a.mbox#2")
    assert first.metadata == FACTS
    assert second.metadata.title == "Bees"
    assert second.text.startswith("From here on")


# Web archives


def test_each_page_of_a_web_archive_is_an_article_with_its_address():
    picture = record(http(b"GIF").replace(b"text/html", b"image/gif"))
    pages = record(http(PAGE.encode()))
    for archive, name in (
        (picture + pages, "a.warc"),
        (gzip.compress(picture) + gzip.compress(pages), "a.warc.gz"),
    ):
        document = one(archive, name)
        assert document.source == f"{name}#2"
        assert document.metadata == replace(FACTS, url="https://example.org/a")
    kept = one(zipped({"archive/data.warc.gz": gzip.compress(pages)}), "a.wacz")
    assert kept.source == "a.wacz!/archive/data.warc.gz#1"


# Records


def test_a_field_map_says_what_records_call_our_fields():
    fields = {"text": "fields.Body", "title": "webTitle", "published": "webPublicationDate"}
    data = f"""{{"webTitle": "Pier", "webPublicationDate": "2021-03-05",
    "fields": {{"body": "{PIER}"}}}}"""
    (document,) = parse(data.encode(), "a.json", "a", fields=fields)
    assert document == Document("a", PIER, Metadata(title="Pier", published="2021-03-05"))


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_each_row_of_a_csv_file_is_an_article(separator):
    table = f'title{separator}text\nPier{separator}"{PIER}\n\n{FERRY}"\nBees{separator}{BOARD}\n'
    first, second = documents(table, "a.csv")
    assert (first.source, first.text) == ("a.csv#1", f"{PIER}\n\n{FERRY}")
    assert second.metadata.title == "Bees"


def test_a_csv_file_without_texts_says_how_to_name_them():
    expected = "has no column of texts; name it text or body or content or article, or give"
    assert reason("a,b\n1,2\n", "a.csv") == f"{expected} --field text=COLUMN"


def test_failures_after_the_first_hundred_are_counted():
    items = parse(b"{}\n" * 250, "a.jsonl", "a")
    assert len(items) == 101
    assert items[-1] == LoadFailure("a", "has 150 more parts that cannot be read; correct them")


# Archives


def test_an_archive_gives_the_articles_in_it_and_says_what_it_leaves_out():
    items = parse(
        zipped(
            {"a/p.html": PAGE, "b.jsonl": f'{{"text": "{FERRY}"}}', "c.exe": "MZ", ".x.txt": "x"}
        ),
        "a.zip",
        "/in/a.zip",
    )
    assert [item.source for item in items] == [
        "/in/a.zip!/a/p.html",
        "/in/a.zip!/b.jsonl#1",
        "/in/a.zip!/c.exe",
    ]
    assert items[0].metadata == FACTS
    assert items[2].reason == "has a suffix that is not read (.exe)"


# Through the whole way in


def test_every_format_in_a_folder_goes_in_and_what_leaves_an_archive_is_removed(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "page.html").write_text(PAGE)
    (folder / "letter.eml").write_text(MAIL.replace(PIER, "Bees have left the town hall for good."))
    (folder / "dump.csv").write_text(f"text\n{FERRY}\n")
    (folder / "set.zip").write_bytes(zipped({"1.txt": f"One. {PIER}", "2.txt": f"Two. {BOARD}"}))
    with Home.open(tmp_path / "home", WordEmbedding()) as home:
        report = ingest(home, [folder])
        assert report.failed == ()
        assert {source.removeprefix(f"{folder}/") for source in report.added} == {
            *("page.html", "letter.eml", "dump.csv#1", "set.zip!/1.txt", "set.zip!/2.txt")
        }
        with zipfile.ZipFile(folder / "set.zip", "w") as archive:
            archive.writestr("1.txt", f"One. {PIER}")
        again = ingest(home, [folder])
        assert again.removed == (f"{folder}/set.zip!/2.txt",)
        assert again.updated == again.added == ()


def test_a_table_beside_a_page_knows_better_than_its_markup(tmp_path):
    (tmp_path / "a.html").write_text(PAGE)
    (tmp_path / "articles.csv").write_text("file,publisher\na.html,The Wire of the Harbour\n")
    (document,) = load(tmp_path / "a.html")
    assert document.metadata == replace(FACTS, publisher="The Wire of the Harbour")


def test_a_table_of_texts_named_like_the_table_beside_files_is_read(tmp_path):
    (tmp_path / "articles.csv").write_text(f"title,text\nPier,{PIER}\n")
    (path,) = find_sources([tmp_path])
    assert [item.text for item in load(path)] == [PIER]


def test_an_article_as_long_as_a_book_is_refused(tmp_path):
    (tmp_path / "book.txt").write_text(f"{PIER} " * 8_000)
    with Home.open(tmp_path / "home", WordEmbedding()) as home:
        ((_, why),) = ingest(home, [tmp_path / "book.txt"]).failed
    assert why == "holds more than 500,000 characters; split it into articles"


def test_a_home_of_the_first_version_is_upgraded_when_opened(tmp_path):
    path: Path = tmp_path / "home"
    (tmp_path / "a.txt").write_text(PIER)
    with Home.open(path, WordEmbedding()) as home:
        ingest(home, [tmp_path / "a.txt"])
        home.begin_writing().database.rows("ALTER TABLE articles DROP COLUMN pages")
        for table in ("earlier", "sources", "items", "flagged"):
            home.begin_writing().database.rows(f"DROP TABLE {table}")
        home.begin_writing().database.rows("PRAGMA user_version = 1")
    with Home.open(path, WordEmbedding()) as home:
        article = home.article(article_id(str(tmp_path / "a.txt")))
        assert (article.text, article.pages) == (PIER, ())
