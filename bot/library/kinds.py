"""What kind of file this is, by its content first, and whether it is safe to unpack."""

import io
import zipfile
from pathlib import PurePath

from bot.errors import BadInput

# More than any honest file of 20 MB unpacks to: pictures and sound, which fill such files, hardly shrink.
MOST_UNPACKED = 200 * 2**20
MOST_ENTRIES = 20_000

# What begins a compound file: old Office formats, and newer ones that are encrypted.
_COMPOUND = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_BY_PART = {"word/document.xml": "docx", "ppt/presentation.xml": "pptx", "META-INF/container.xml": "epub"}
_BY_SUFFIX = {
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".md": "md",
    ".markdown": "md",
    ".txt": "txt",
    ".text": "txt",
    "": "txt",
}
# By these names a file is offered to the library unasked.
SUFFIXES = frozenset({*_BY_SUFFIX, ".pdf", ".docx", ".pptx", ".epub"} - {""})


def kind_of(name: str, data: bytes) -> str:
    """Return pdf, docx, pptx, epub, html, md or txt. Raises BadInput for whatever else, and for what is encrypted."""
    if not data.strip():
        raise BadInput("error-file-empty")
    # Some PDFs begin with something else, and texts may speak of what PDFs begin with.
    if data.startswith(b"%PDF-") or (_suffix(name) == ".pdf" and b"%PDF-" in data[:1024]):
        return "pdf"
    if data.startswith(_COMPOUND):
        raise BadInput("error-file-encrypted" if _ENCRYPTED_PACKAGE in data else "error-file-kind")
    if data.startswith(b"PK\x03\x04"):
        return _packed(data)
    return _text(name, data)


def kinds_named(name: str) -> frozenset[str]:
    """Return the kinds that `kind_of` may find under a name: texts are what their name says, others what they hold."""
    return frozenset({"pdf", "docx", "pptx", "epub", _BY_SUFFIX.get(_suffix(name), "pdf")})


def _suffix(name: str) -> str:
    return PurePath(name).suffix.lower()


def _text(name: str, data: bytes) -> str:
    suffix = _suffix(name)
    if suffix in (".pdf", ".docx", ".pptx", ".epub"):
        raise BadInput("error-file-broken")  # it says what it is, and is not
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    if suffix not in _BY_SUFFIX or (b"\0" in data and not wide):
        raise BadInput("error-file-kind")
    return _BY_SUFFIX[suffix]


def _packed(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _kind_of_archive(archive)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        raise BadInput("error-file-broken") from None


def _kind_of_archive(archive: zipfile.ZipFile) -> str:
    entries = archive.infolist()
    # No reader gets more out of an entry than it declares.
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise BadInput("error-file-bomb", limit=MOST_UNPACKED // 2**20)
    names = {entry.filename for entry in entries}
    kind = next((kind for part, kind in _BY_PART.items() if part in names), None)
    if kind is None:
        raise BadInput("error-file-kind")
    if any(entry.flag_bits & 1 for entry in entries) or "META-INF/rights.xml" in names or _has_locked_text(archive):
        raise BadInput("error-file-encrypted")
    return kind


def _has_locked_text(archive: zipfile.ZipFile) -> bool:
    """Tell whether an EPUB's chapters are encrypted; fonts often are, which harms nobody."""
    try:
        with archive.open("META-INF/encryption.xml") as stream:
            listed = stream.read(2**20).lower()
    except KeyError:
        return False
    return any(ending in listed for ending in (b'.xhtml"', b'.html"', b'.htm"', b".xhtml'", b".html'", b".htm'"))
