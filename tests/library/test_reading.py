"""Files are read by page, and what cannot be read says why, whatever it is."""

import io
import json
import os
import signal
import struct
import zipfile

import pytest

from bot.errors import BadInput, BotError
from bot.library import kinds, reading
from bot.library.reading import Reader, title_of
from tests.library import files

LINE = "La atención permite que el decodificador mire todos los estados."


async def read(name: str, data: bytes) -> list[tuple[int, str, str]]:
    document = await Reader().read(name, data)
    return [(page.number, page.heading, page.text) for page in document.pages]


async def refused(name: str, data: bytes) -> str:
    with pytest.raises(BotError) as caught:
        await Reader().read(name, data)
    assert (await Reader().read("después.txt", b"hola")).pages[0].text == "hola"  # the next file is read all the same
    return caught.value.key


async def test_pdf_by_page_under_its_bookmarks() -> None:
    data = files.pdf([[LINE], ["uno", "dos"], ["tres"]], bookmarks=["Capítulo 1", "Capítulo 2"])
    document = await Reader().read("mi_libro.PDF", data)
    assert (document.title, document.kind, document.language) == ("mi libro", "pdf", "es")
    assert [(page.number, page.heading) for page in document.pages] == [
        (1, "Capítulo 1"),
        (2, "Capítulo 2"),
        (3, "Capítulo 2"),
    ]
    assert document.pages[1].text == "uno\ndos"


async def test_lines_of_a_pdf_flow_and_words_are_whole() -> None:
    lines = [
        "The encoder turns the whole sequence into hidden repre-",
        "sentations, from which a state-of-the-art decoder takes",
        "what it needs for the next word that it is about to say.",
        "Short end.",
        "A new paragraph.",
    ]
    [(_, _, text)] = await read("a.pdf", files.pdf([lines]))
    assert "hidden representations, from which a state-of-the-art decoder takes what it needs" in text
    assert text.endswith("Short end.\nA new paragraph.")


async def test_slides() -> None:
    data = files.slides([("Uno", "a\nb"), ("Dos", "<!-- Slide number: 3 -->\nc")], notes="decir algo")
    (first, uno, a), (second, dos, b), (third, _, c) = await read("charla.pptx", data)
    assert (first, uno, a) == (1, "Uno", "# Uno\na\nb")
    assert (second, dos) == (2, "Dos")
    assert (third, c.split("\n")[0], b) == (3, "c", "# Dos")  # the next number written on a slide fools us; order holds
    assert "decir algo" in c


async def test_document_by_section() -> None:
    data = files.document([(1, "Capítulo"), (0, "Hola *mundo* de_la_atención."), (2, "Parte"), (0, "Más.")])
    assert await read("a.docx", data) == [
        (1, "Capítulo", "# Capítulo\n\nHola *mundo* de_la_atención."),
        (2, "Parte", "## Parte\n\nMás."),
    ]


async def test_book_by_chapter() -> None:
    document = await Reader().read("x.epub", files.epub([("Uno", "El primero."), ("Dos", "El segundo.")]))
    assert (document.title, document.kind) == ("Un libro", "epub")
    assert [page.heading for page in document.pages] == ["", "Uno", "Dos"]
    assert "El segundo." in document.pages[2].text


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "utf-16"])
async def test_web_pages_and_texts_in_several_encodings(encoding: str) -> None:
    html = "<title>Tíldes</title><body><h1>Años</h1><p>niño <b>así</b></p><script>no()</script></body>"
    document = await Reader().read("a.html", html.encode(encoding))
    assert (document.title, document.pages[0].text) == ("Tíldes", "# Años\n\nniño **así**")
    assert await read("a.txt", "año\r\nniño\fdos".encode(encoding)) == [(1, "", "año\nniño"), (2, "", "dos")]


async def test_markdown_by_heading_and_long_text_in_parts() -> None:
    text = "Antes\n\nTítulo\n======\n\n```\n# no\n```\n\n### dentro\n\n## Otro\nfin"
    assert [heading for _, heading, _ in await read("a.md", text.encode())] == ["", "Título", "Otro"]
    found = await read("a.txt", ("Una frase larga. " * 1000).encode())
    assert [number for number, _, _ in found] == list(range(1, len(found) + 1))
    assert all(1000 < len(part) <= 6000 for _, _, part in found)
    assert " ".join(part for _, _, part in found) == ("Una frase larga. " * 1000).strip()


async def test_content_decides_over_the_name() -> None:
    assert (await Reader().read("a.txt", files.pdf([[LINE]]))).kind == "pdf"
    assert (await Reader().read("a.pdf", files.document([(0, "hola")]))).kind == "docx"
    assert (await Reader().read("a.pdf", b"\n\0" + files.pdf([[LINE]]))).kind == "pdf"
    assert (await Reader().read("a.md", b"A file with %PDF-1.7 is a PDF.")).kind == "md"


@pytest.mark.parametrize(
    ("name", "data", "key"),
    [
        ("a.txt", b" \n", "error-file-empty"),
        ("a.html", b"<html><body></body></html>", "error-file-empty"),
        ("a.exe", b"MZ\x90\x00", "error-file-kind"),
        ("a.txt", b"a\x00b", "error-file-kind"),
        ("a.zip", files.packed({"a.txt": "hola"}), "error-file-kind"),
        ("a.doc", bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "error-file-kind"),
        ("a.pdf", files.pdf([[LINE]], password="secreto"), "error-file-encrypted"),
        (
            "a.docx",
            bytes.fromhex("d0cf11e0a1b11ae1") + bytes(90) + "EncryptedPackage".encode("utf-16-le"),
            "error-file-encrypted",
        ),
        ("a.epub", files.epub([("Uno", "x")], **{"META-INF__rights.xml": "<r/>"}), "error-file-encrypted"),
        (
            "a.epub",
            files.epub([("Uno", "x")], **{"META-INF__encryption.xml": '<CipherReference URI="c0.xhtml"/>'}),
            "error-file-encrypted",
        ),
        ("a.pdf", files.pdf([[""], [""]], picture_only=True), "error-file-scanned"),
        ("a.pdf", b"%PDF-1.7 nothing of the kind", "error-file-broken"),
        ("a.pdf", b"nothing of the kind", "error-file-broken"),
        ("a.docx", files.document([(0, "hola")])[:2000], "error-file-broken"),
        ("a.docx", files.packed({"word/document.xml": "<no"}), "error-file-broken"),
        ("a.pptx", files.packed({"ppt/presentation.xml": "<no"}), "error-file-broken"),
        ("a.epub", files.packed({"META-INF/container.xml": "<no"}), "error-file-broken"),
        ("a.pdf", files.pdf([["x"]] * 2001), "error-file-pages"),
        ("a.txt", b"una frase. " * 1_200_000, "error-file-too-long"),
        ("a.txt", b"a\n" * 200_000 + b"\f" + b"b", "error-file-too-long"),
        ("a.txt", b"x" * (20 * 2**20 + 1), "error-file-too-large"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_every_refusal_says_why(name: str, data: bytes, key: str) -> None:
    assert await refused(name, data) == key


async def test_zip_bombs_are_not_unpacked() -> None:
    bomb = files.packed({"word/document.xml": "x" * (kinds.MOST_UNPACKED + 1)})
    assert len(bomb) < 2**20
    assert await refused("a.docx", bomb) == "error-file-bomb"


async def test_an_entry_that_lies_about_its_size_is_broken() -> None:
    # The sizes stand at the local header and in the directory; the latter is what readers go by.
    honest = files.packed({"word/document.xml": "<a>" + "x" * 3_000_000 + "</a>"})
    at = honest.rindex(b"PK\x01\x02") + 24
    lying = honest[:at] + struct.pack("<I", 10) + honest[at + 4 :]
    assert zipfile.ZipFile(io.BytesIO(lying)).infolist()[0].file_size == 10
    assert await refused("a.docx", lying) == "error-file-broken"


async def test_entities_that_multiply_harm_nobody() -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    xml = f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY l0 "ja">{laughs}]><d>&l11;</d>'
    for name, part in (("a.docx", "word/document.xml"), ("a.epub", "META-INF/container.xml")):
        assert await refused(name, files.packed({part: xml})) in ("error-file-broken", "error-file-heavy")


async def test_what_nests_endlessly_is_read_as_it_goes() -> None:
    [(_, _, text)] = await read("a.html", b"<div>" * 20_000 + b"hola")
    assert text == "hola"


async def test_what_takes_too_long_is_given_up() -> None:
    with pytest.raises(BadInput) as caught:
        await Reader(patience=0.01).read("a.txt", b"hola")
    assert caught.value.key == "error-file-heavy"


async def test_what_takes_too_much_memory_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    small = "from bot.library import reading_child as child; child.MEMORY = 300 * 2**20; child.main()"
    monkeypatch.setattr(reading, "COMMAND", ("-c", small))
    assert (await Reader().read("a.html", b"<b>hola")).pages[0].text == "**hola**"
    with pytest.raises(BadInput) as caught:
        await Reader().read("a.html", b"<b>" * 300_000)
    assert caught.value.key == "error-file-heavy"


@pytest.mark.parametrize(
    ("number", "key"), [(signal.SIGKILL, "error-file-heavy"), (signal.SIGSEGV, "error-file-broken")]
)
async def test_a_reader_that_dies_harms_nobody(number: int, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "COMMAND", ("-c", f"import os; os.kill(os.getpid(), {int(number)})"))
    with pytest.raises(BadInput) as caught:
        await Reader().read("a.txt", b"hola")
    assert caught.value.key == key


async def test_the_reader_sees_nothing_of_our_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "123:secret")
    shown = "import os, json; print(json.dumps({'number': 1, 'text': str(dict(os.environ)), 'heading': ''}));"
    monkeypatch.setattr(reading, "COMMAND", ("-c", f"{shown} print(json.dumps({{'kind': 'txt', 'title': ''}}))"))
    document = await Reader().read("a.txt", b"hola")
    assert os.environ["TELEGRAM_BOT_TOKEN"] not in json.dumps(document.pages[0].text)


async def test_what_no_database_keeps_is_left_out() -> None:
    assert await read("a.md", "a\x01b\ufeff ﬁn\xa0ya\xad".encode()) == [(1, "", "ab fin ya")]


@pytest.mark.parametrize(
    ("name", "data", "title"),
    [
        ("a.pdf", files.pdf([["x"]], title="El libro  de las ñandúes"), "El libro de las ñandúes"),
        ("a.pdf", files.pdf([["x"]], title="Microsoft Word - tesis_v3.docx"), "a"),
        ("a.pdf", files.pdf([["x"]], title="Untitled"), "a"),
        ("a.pdf", files.pdf([["x"]], title="Sin título 1"), "a"),
        ("a.pdf", files.pdf([["x"]], title="cap3.tex"), "a"),
        ("a.md", "# Los pájaros del lago\nhola\n# Otra cosa".encode(), "Los pájaros del lago"),
        ("a.md", b"# Uno\nhola", "a"),
        ("a.md", b"## Un apartado\nhola", "a"),
        ("a.txt", b"Las primeras palabras", "a"),
        ("a.docx", files.document([(1, "Historia del faro"), (0, "Era alto.")]), "Historia del faro"),
        ("a.html", "<title>Untitled</title><body><h1>Guía de aves</h1><p>x</p></body>".encode(), "Guía de aves"),
    ],
)
async def test_a_file_goes_by_its_own_title_if_that_says_something(name: str, data: bytes, title: str) -> None:
    assert (await Reader().read(name, data)).title == title


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("mi_libro__v2.pdf", "mi libro v2"),
        ("C:\\a\\b.docx", "b"),
        ("../../etc/passwd", "passwd"),
        ("", "?"),
        ("\x00\n.txt", "?"),
        ("x" * 500, "x" * 100),
    ],
)
def test_titles(name: str, title: str) -> None:
    assert title_of(name) == title
