"""Files for the tests, made by the libraries that people's programs use, too."""

import io
import zipfile
from collections.abc import Sequence

import docx
import pptx
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen import canvas


def pdf(
    pages: Sequence[Sequence[str]],
    password: str = "",
    bookmarks: Sequence[str] = (),
    picture_only: bool = False,
    title: str = "",
) -> bytes:
    """Return a PDF with these lines on its pages."""
    out = io.BytesIO()
    sheet = canvas.Canvas(out, encrypt=StandardEncryption(password) if password else None)
    if title:
        sheet.setTitle(title)
    for number, lines in enumerate(pages):
        if number < len(bookmarks):
            sheet.bookmarkPage(f"mark{number}")
            sheet.addOutlineEntry(bookmarks[number], f"mark{number}")
        words = sheet.beginText(50, 780)
        for line in lines:
            words.textLine(line)
        if picture_only:
            sheet.rect(50, 50, 400, 600, fill=1)
        else:
            sheet.drawText(words)
        sheet.showPage()
    sheet.save()
    return out.getvalue()


def slides(shown: Sequence[tuple[str, str]], notes: str = "") -> bytes:
    """Return a presentation of titles and bodies; the notes belong to the last slide."""
    presentation = pptx.Presentation()
    for title, body in shown:
        slide = presentation.slides.add_slide(presentation.slide_layouts[1])
        slide.shapes.title.text, slide.placeholders[1].text = title, body
        if notes and (title, body) == shown[-1]:
            slide.notes_slide.notes_text_frame.text = notes
    out = io.BytesIO()
    presentation.save(out)
    return out.getvalue()


def document(parts: Sequence[tuple[int, str]]) -> bytes:
    """Return a Word document of headings (level 1 and up) and paragraphs (level 0)."""
    written = docx.Document()
    for level, text in parts:
        if level:
            written.add_heading(text, level)
        else:
            written.add_paragraph(text)
    out = io.BytesIO()
    written.save(out)
    return out.getvalue()


_CONTAINER = (
    '<?xml version="1.0"?><container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">'
    '<rootfiles><rootfile full-path="book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)


def epub(chapters: Sequence[tuple[str, str]], **more: str) -> bytes:
    """Return a book of chapters (title, text); `more` are further files, by name with __ for /."""
    listed = "".join(f'<item id="c{n}" href="c{n}.xhtml"/>' for n in range(len(chapters)))
    order = "".join(f'<itemref idref="c{n}"/>' for n in range(len(chapters)))
    package = (
        '<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<metadata><dc:title>Un libro</dc:title></metadata><manifest>{listed}</manifest>"
        f"<spine>{order}</spine></package>"
    )
    files = {"mimetype": "application/epub+zip", "META-INF/container.xml": _CONTAINER, "book.opf": package}
    for number, (title, text) in enumerate(chapters):
        files[f"c{number}.xhtml"] = f"<html><body><h1>{title}</h1><p>{text}</p></body></html>"
    return packed(files | {name.replace("__", "/"): content for name, content in more.items()})


def packed(files: dict[str, str]) -> bytes:
    """Return a ZIP archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()
