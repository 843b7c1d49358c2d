"""Photos and documents in both directions."""

from typing import Any

import httpx
import pytest
from telegram import Bot, InputFile
from telegram.error import BadRequest

from bot.playground.rules.files import MAX_DOWNLOAD, image_size, safe_name
from bot.playground.world import PLAYGROUND_TOKEN, StoredFile, World

from .pictures import PNG, png


async def upload(people: httpx.AsyncClient, name: str, data: bytes, kind: str = "", text: str = "") -> dict[str, Any]:
    file = (name, data, kind) if kind else (name, data)
    form = {"from": "1001", "text": text}
    answer = await people.post("/api/chats/1001/messages", data=form, files={"file": file})
    assert answer.status_code == 201, answer.text
    message: dict[str, Any] = answer.json()
    return message


async def test_the_bot_sends_a_document_and_fetches_it_again(bot: Bot, people: httpx.AsyncClient, started: int) -> None:
    sent = await bot.send_document(
        1001, InputFile(b"uno dos", filename="notas año.txt"), caption="_ojo_", parse_mode="MarkdownV2"
    )
    assert sent.document is not None
    assert (sent.document.file_name, sent.document.mime_type, sent.document.file_size) == (
        "notas año.txt",
        "text/plain",
        7,
    )
    assert (sent.caption, sent.caption_entities[0].type) == ("ojo", "italic")
    file = await bot.get_file(sent.document.file_id)
    assert bytes(await file.download_as_bytearray()) == b"uno dos"
    again = await bot.send_document(1001, sent.document.file_id)
    assert again.document == sent.document
    seen = await people.get(f"/api/files/{sent.document.file_id}")
    assert (seen.content, seen.headers["content-type"].partition(";")[0]) == (b"uno dos", "text/plain")
    assert seen.headers["content-disposition"] == "attachment; filename*=UTF-8''notas%20a%C3%B1o.txt"
    assert seen.headers["x-content-type-options"] == "nosniff"


async def test_a_photo_has_its_size_and_shows_in_the_page(bot: Bot, people: httpx.AsyncClient, started: int) -> None:
    sent = await bot.send_photo(1001, PNG)
    photo = sent.photo[0]
    assert (photo.width, photo.height, photo.file_size) == (30, 20, len(PNG))
    seen = await people.get(f"/api/files/{photo.file_id}")
    assert (seen.content, seen.headers["content-type"], seen.headers["content-disposition"]) == (
        PNG,
        "image/png",
        "inline",
    )
    with pytest.raises(BadRequest, match=r"(?i)can't use file of type photo as document"):
        await bot.send_document(1001, photo.file_id)


@pytest.mark.parametrize("data", [b"no picture", png(4000, 100), png(9000, 1200), PNG[:18]])
async def test_bad_photos_are_refused(bot: Bot, started: int, data: bytes) -> None:
    with pytest.raises(BadRequest, match=r"(?i)IMAGE_PROCESS_FAILED"):
        await bot.send_photo(1001, data)


async def test_limits_of_captions_and_empty_files(bot: Bot, started: int) -> None:
    with pytest.raises(BadRequest, match=r"(?i)message caption is too long"):
        await bot.send_photo(1001, PNG, caption="a" * 1025)
    assert len((await bot.send_photo(1001, PNG, caption="a" * 1024)).caption or "") == 1024
    with pytest.raises(BadRequest, match=r"(?i)file must be non-empty"):
        await bot.send_document(1001, InputFile(b"", filename="a.txt"))


async def test_large_files_can_be_sent_but_not_downloaded(bot: Bot, people: httpx.AsyncClient, started: int) -> None:
    large = b"\0" * (MAX_DOWNLOAD + 1)
    sent = await bot.send_document(1001, large, filename="a.bin")
    assert sent.document is not None
    with pytest.raises(BadRequest, match=r"(?i)file is too big"):
        await bot.get_file(sent.document.file_id)
    answer = await people.post("/api/chats/1001/messages", data={"from": "1001"}, files={"file": ("a", large)})
    assert (answer.status_code, answer.json()) == (413, {"error": "the file is larger than 20 MB"})


async def test_more_than_fifty_megabytes_are_refused(people: httpx.AsyncClient, started: int) -> None:
    files = {"document": ("a.bin", b"\0" * (50 * 2**20 + 1))}
    answer = await people.post(f"/bot{PLAYGROUND_TOKEN}/sendDocument", data={"chat_id": "1001"}, files=files)
    assert answer.json() == {"ok": False, "error_code": 413, "description": "Request Entity Too Large"}


async def test_a_body_without_end_is_cut(people: httpx.AsyncClient) -> None:
    answer = await people.post(f"/bot{PLAYGROUND_TOKEN}/sendDocument", content=b"\0" * (52 * 2**20))
    assert answer.status_code == 413


async def test_people_send_documents_and_photos(bot: Bot, people: httpx.AsyncClient) -> None:
    await upload(people, "../../etc/apuntes.pdf", b"%PDF-1.7", "application/pdf", "mira #esto")
    await upload(people, "a.png", PNG)
    document, photo = (update.message for update in await bot.get_updates())
    assert document is not None
    assert document.document is not None
    assert (document.document.file_name, document.caption) == ("apuntes.pdf", "mira #esto")
    assert document.caption_entities[0].type == "hashtag"
    assert photo is not None
    assert photo.photo[0].width == 30
    got = await (await bot.get_file(document.document.file_id)).download_as_bytearray()
    assert bytes(got) == b"%PDF-1.7"


async def test_a_page_disguised_as_a_document_is_only_downloaded(people: httpx.AsyncClient) -> None:
    message = await upload(people, "a;.html", b"<script>alert(1)</script>", "text/html")
    seen = await people.get(f"/api/files/{message['document']['file_id']}")
    assert seen.headers["content-type"] == "application/octet-stream"
    assert seen.headers["content-disposition"] == "attachment; filename*=UTF-8''a_.html"
    assert seen.headers["content-security-policy"].startswith("sandbox")


async def test_unknown_files_are_not_found(people: httpx.AsyncClient) -> None:
    assert (await people.get("/api/files/x")).status_code == 404
    assert (await people.get(f"/file/bot{PLAYGROUND_TOKEN}/documents/x")).status_code == 404


GIF = b"GIF89a\x05\x00\x06\x00\x00"
JPEG = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc2\x00\x0b\x08\x00\x06\x00\x05\x01"
WEBP_LOSSY = b"RIFF\0\0\0\0WEBPVP8 " + b"\0" * 10 + b"\x05\x00\x06\x00"
WEBP_LOSSLESS = b"RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f" + (4 | 5 << 14).to_bytes(4, "little")
WEBP_EXTENDED = b"RIFF\0\0\0\0WEBPVP8X" + b"\0" * 8 + b"\x04\0\0\x05\0\0"


@pytest.mark.parametrize("data", [GIF, JPEG, WEBP_LOSSY, WEBP_LOSSLESS, WEBP_EXTENDED])
def test_sizes_of_pictures(data: bytes) -> None:
    found = image_size(data)
    assert found is not None
    assert found[1:] == (5, 6)
    assert all(image_size(data[:cut]) in {None, found} or cut > 12 for cut in range(len(data)))


@pytest.mark.parametrize(
    ("name", "safe"),
    [("C:\\x\\a.txt", "a.txt"), ("..", "file"), ("a\r\nb: c.txt", "a__b_ c.txt"), ("", "file"), ("ñ.pdf", "ñ.pdf")],
)
def test_file_names_are_made_safe(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_the_oldest_files_go_when_there_is_too_much(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.playground.world.KEPT_FILE_BYTES", 10)
    for name in ("a", "b", "c"):
        world.keep_file(StoredFile(name, name, "document", name, name, "text/plain", 0, 0, b"12345"))
    assert list(world.files) == ["b", "c"]
