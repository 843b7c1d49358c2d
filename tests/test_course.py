"""The starter course: its texts, and walking through it."""

import re
import tomllib

import pytest
from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot import app
from bot.library import course
from bot.markdown import MAX_CAPTION, render
from tests.conftest import BEN, GROUP, JSON, LUCIA, Visitor

SECTIONS = [(language, section) for language in course.languages() for section in course.sections(language)]


@pytest.mark.parametrize(("language", "section"), SECTIONS)
def test_a_section_fits_below_its_picture(language: str, section: course.Section) -> None:
    [part] = render(f"**{section.number}/{len(SECTIONS)} · {section.title}**\n\n{section.text}", MAX_CAPTION)
    assert section.title in part.text
    assert len(part.text) > 500
    assert "*" not in part.text
    assert course.labels(language, section.picture)


def test_languages_tell_the_same_course() -> None:
    told = {tuple(section.picture for section in course.sections(language)) for language in course.languages()}
    assert len(told) == 1
    assert set(course.languages()) == {"en", "es"}


def test_pictures_say_the_same_in_each_language() -> None:
    folder = re.sub(r"__init__\.py$", "", str(course.__file__))
    shapes = []
    for language in course.languages():
        with open(f"{folder}/{language}.toml", "rb") as file:  # noqa: PTH123
            shapes.append({name: sorted(said) for name, said in tomllib.load(file).items()})
    assert shapes[0] == shapes[1]
    assert set(shapes[0]) == {section.picture for _, section in SECTIONS}


def test_example_weights_are_weights() -> None:
    for language in course.languages():
        rows = list(course.labels(language, "attention")["weights"])
        rows += [example["weights"] for example in course.labels(language, "self_attention")["examples"]]
        assert [sum(row) for row in rows] == [100] * 7


def test_the_course_as_material_is_plain_text_without_questions() -> None:
    for document in course.course_documents():
        assert [page.number for page in document.pages] == list(range(1, 18))
        for page, section in zip(document.pages, course.sections(document.language), strict=True):
            assert page.heading == section.title
            assert not re.search(r"\*\*|(^|\s)_|_($|\s)|Para pensar|To think about", page.text)
            [shown] = render(section.text)
            assert page.text == shown.text.rpartition("\n\n")[0]


def data(message: JSON) -> dict[str, str]:
    rows = message["reply_markup"]["inline_keyboard"]
    return {button["text"]: button["callback_data"] for row in rows for button in row}


async def page(people: Visitor, words: str, chat: int = LUCIA, kind: str = "message") -> JSON:
    """Wait for a page of the course."""

    def wanted(event: JSON) -> bool:
        message = event.get("message", {})
        return event["type"] == kind and message.get("photo") and words in message.get("caption", "")

    return dict((await people.until(wanted, chat))["message"])


async def test_walks_through_one_message_and_remembers_the_place(people: Visitor) -> None:
    await people.say("/curso")
    first = await page(people, "1/17 · Hola, Transformers")
    assert list(data(first)) == ["Índice", "2 ▶"]
    await people.tap(first, data(first)["2 ▶"])
    second = await page(people, "2/17 · Una historia breve", kind="edit")
    assert second["message_id"] == first["message_id"]
    assert second["photo"][-1]["file_id"] != first["photo"][-1]["file_id"]
    assert list(data(second)) == ["◀ 1", "Índice", "3 ▶"]
    await people.say("/course")
    assert (await page(people, "2/17"))["message_id"] != first["message_id"]


async def test_contents_lead_to_any_section_and_back(people: Visitor) -> None:
    await people.say("/course 17")
    last = await page(people, "17/17")
    assert list(data(last)) == ["◀ 16", "Índice", "↺ Empezar de nuevo"]
    await people.tap(last, data(last)["Índice"])
    contents = await page(people, "9. El Transformer de 2017", kind="edit")
    assert list(data(contents)) == [*map(str, range(1, 18)), "Volver al 17"]
    await people.tap(contents, data(contents)["9"])
    await page(people, "9/17 · El Transformer de 2017", kind="edit")


async def test_who_has_finished_begins_anew(people: Visitor) -> None:
    await people.say("/course 17")
    last = await page(people, "17/17")
    await people.say("/course")
    await page(people, "1/17")
    await people.tap(last, data(last)["↺ Empezar de nuevo"])
    await page(people, "1/17", kind="edit")


async def test_a_message_keeps_its_language_and_everybody_their_place(people: Visitor) -> None:
    await people.say("/course 3", BEN, GROUP)
    opened = await page(people, "3/17 · From text to numbers", GROUP)
    await people.tap(opened, data(opened)["4 ▶"], LUCIA)
    await page(people, "4/17 · Recurrent networks", GROUP, "edit")
    await people.say("/course", BEN, GROUP)
    await page(people, "3/17 · From text to numbers", GROUP)
    # She turned a page of his, which is not where she is.
    await people.say("/curso", LUCIA, GROUP)
    await page(people, "1/17", GROUP)


@pytest.mark.parametrize("words", ["18", "0", "-1", "uno", "99999999999999999999", "²"])
async def test_a_section_that_is_not_there(people: Visitor, words: str) -> None:
    await people.say(f"/curso {words}")
    await people.hear("El curso tiene 17 apartados")


@pytest.mark.parametrize("nowhere", ["course:xx:1", "course:es:18", "course:es:", "course:", "course:../es:1"])
async def test_a_button_that_leads_nowhere(people: Visitor, bot: app.Running, nowhere: str) -> None:
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("?", callback_data=nowhere)]])
    await people.say("/start")
    await people.hear("¡Hola")
    await bot.application.bot.send_message(LUCIA, "Tócame", reply_markup=keyboard)
    await people.tap(await people.hear("Tócame"), nowhere)
    await people.hear("No puedo usar lo que has enviado")
