"""Answers to inline queries that Telegram refuses, and its words for each."""

from typing import Any

import httpx
import pytest

from bot.playground.world import PLAYGROUND_TOKEN

from .asked import JSON, call, refused
from .test_hostile import VALUES
from .test_inline import query

RESULT: JSON = {"type": "article", "id": "1", "title": "a", "input_message_content": {"message_text": "b"}}
WRONG = "can't parse inline query result: "


@pytest.mark.parametrize(
    ("results", "words"),
    [
        ("[", "can't parse JSON encoded inline query results"),
        ({}, "expected an Array of inline query results"),
        ([RESULT | {"id": str(number)} for number in range(51)], "too many inline query results specified"),
        ([RESULT, RESULT], "RESULT_ID_DUPLICATE"),
        ([RESULT | {"id": "ñ" * 33}], "RESULT_ID_INVALID"),
        ([RESULT | {"id": ""}], "RESULT_ID_EMPTY"),
        ([RESULT | {"title": ""}], "ARTICLE_TITLE_EMPTY"),
        ([5], WRONG + "Inline query result must be an object"),
        ([{}], WRONG + 'Can\'t find field "type"'),
        ([RESULT | {"id": []}], WRONG + 'Field "id" must be of type String'),
        ([RESULT | {"type": "cake"}], WRONG + 'type "cake" is unsupported for the inline query result'),
        ([RESULT | {"input_message_content": 1}], WRONG + 'Field "input_message_content" must be of type Object'),
        ([RESULT | {"input_message_content": {}}], WRONG + "Input message content is not specified"),
        ([RESULT | {"input_message_content": None}], WRONG + 'Can\'t find field "message_text"'),
        (
            [RESULT | {"input_message_content": {"message_text": "*a", "parse_mode": "MarkdownV2"}}],
            WRONG + "Can't parse entities: Can't find end of Bold entity at byte offset 0",
        ),
        ([RESULT | {"input_message_content": {"message_text": "a" * 4097}}], "MESSAGE_TOO_LONG"),
        (
            [RESULT | {"reply_markup": {"inline_keyboard": [[{"text": "a"}]]}}],
            WRONG + "Can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        ([RESULT | {"reply_markup": {"force_reply": True}}], "inline keyboard expected"),
        ([{"type": "photo", "id": "1"}], WRONG + 'Can\'t find field "photo_file_id"'),
        (
            [{"type": "photo", "id": "1", "photo_file_id": "x"}],
            "wrong file identifier/HTTP URL specified",
        ),
        (
            [{"type": "photo", "id": "1", "photo_url": "nonsense"}],
            "WEBDOCUMENT_URL_INVALID",
        ),
        ([{"type": "document", "id": "1"}], WRONG + 'Can\'t find field "title"'),
        ([{"type": "location", "id": "1", "title": "a", "latitude": 91, "longitude": 0}], "invalid location specified"),
    ],
)
async def test_broken_results_are_refused(people: httpx.AsyncClient, results: Any, words: str) -> None:
    asked = await query(people)
    said = await refused(people, "answerInlineQuery", inline_query_id=asked, results=results)
    assert said == f"Bad Request: {words}"
    # Nothing was answered, so it can still be.
    assert await call(people, "answerInlineQuery", inline_query_id=asked, results=[RESULT])


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"next_offset": "ñ" * 33}, "NEXT_OFFSET_INVALID"),
        ({"button": {"text": "a"}}, "can't use empty start_parameter"),
        ({"button": {"text": "a", "start_parameter": "a" * 65}}, "too long start_parameter specified"),
        ({"button": {"text": "a", "start_parameter": "a b"}}, "unallowed characters in start_parameter are used"),
        (
            {"button": {"start_parameter": "a"}},
            'can\'t parse inline query results button: Field "text" must be of type String',
        ),
    ],
)
async def test_what_comes_with_results_is_checked(people: httpx.AsyncClient, params: JSON, words: str) -> None:
    asked = await query(people)
    said = await refused(people, "answerInlineQuery", inline_query_id=asked, results=[RESULT], **params)
    assert said == f"Bad Request: {words}"


FIELDS = (
    "type", "id", "title", "description", "caption", "parse_mode", "caption_entities", "reply_markup",
    "input_message_content", "message_text", "entities", "photo_file_id", "photo_url", "document_file_id",
    "gif_file_id", "latitude", "longitude", "live_period", "address", "phone_number", "first_name", "vcard",
    "show_caption_above_media",
)  # fmt: skip
CONTENTS = ("message_text", "parse_mode", "entities", "latitude", "longitude", "title", "address", "phone_number")


@pytest.mark.parametrize("kind", ["article", "photo", "document", "gif", "location", "venue", "contact", "sticker"])
async def test_no_value_breaks_a_result(people: httpx.AsyncClient, kind: str) -> None:
    whole = RESULT | {
        "type": kind,
        "latitude": 1,
        "longitude": 1,
        "address": "a",
        "phone_number": "1",
        "first_name": "a",
    }
    texts = [
        whole | {"input_message_content": {"message_text": "b", name: value}} for name in CONTENTS for value in VALUES
    ]
    for result in [whole | {name: value} for name in FIELDS for value in VALUES] + texts:
        answer = await people.post(
            f"/bot{PLAYGROUND_TOKEN}/answerInlineQuery", json={"inline_query_id": "1", "results": [result]}
        )
        assert answer.status_code == 400, (result, answer.text)
