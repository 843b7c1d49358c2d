"""Commands, menus, language and model, through the playground."""

from typing import get_args

import pytest

from bot import app, texts
from bot.inference.api import ModelState
from bot.inference.catalog import CATALOG, Kind
from bot.menus import menu
from bot.routing import Button, Command
from tests.conftest import BEN, GROUP, LUCIA, Script, Visitor
from tests.playground.pictures import PNG


async def test_start_greets_by_name_in_the_persons_language(people: Visitor) -> None:
    await people.say("/start")
    await people.hear("¡Hola, Lucía!")
    await people.say("/start", BEN)
    await people.hear("Hi, Ben!", BEN)


async def test_help_lists_every_command_of_the_chat(people: Visitor, bot: app.Running) -> None:
    await people.say("/help", BEN)
    message = await people.hear("/generate", BEN)
    offered = {word for word in message["text"].split() if word.startswith("/")}
    here = [command for command in bot.application.services.commands if "private" in command.where]
    assert offered == {f"/{command.name}" for command in here}
    await people.say("/help@tertulia_bot", BEN, GROUP)
    in_group = await people.hear("/generate", GROUP)
    assert "/new" not in in_group["text"]


async def test_spanish_names_work_and_are_offered(people: Visitor) -> None:
    await people.say("/ayuda")
    assert "/generar" in (await people.hear("/idioma"))["text"]


async def test_privacy_is_explained(people: Visitor) -> None:
    await people.say("/privacy")
    await people.hear("Qué guardo")


async def test_menus_follow_language_and_kind_of_chat(people: Visitor, bot: app.Running) -> None:
    async def offered(chat: int, who: int) -> list[str]:
        response = await people.http.get(f"/api/chats/{chat}/commands", params={"from": who})
        return [entry["command"] for entry in response.json()]

    await people.say("/start")
    await people.hear("¡Hola")
    commands = list(bot.application.services.commands)
    await people.until_true(lambda: offered(GROUP, BEN), bool)
    assert await offered(LUCIA, LUCIA) == [entry.command for entry in menu(commands, "es", "private")]
    assert await offered(BEN, BEN) == [entry.command for entry in menu(commands, "en", "private")]
    assert "generar" in await offered(GROUP, LUCIA)
    assert "new" not in await offered(GROUP, BEN)


async def test_language_is_chosen_by_button(people: Visitor) -> None:
    await people.say("/language")
    message = await people.hear("¿En qué idioma")
    [row] = message["reply_markup"]["inline_keyboard"]
    assert [button["text"] for button in row] == ["English", "Español", "Automático"]
    await people.tap(message, "language:en")
    await people.hear("I'll speak English", kind="edit")
    await people.until(lambda event: event["type"] == "callback_answer")
    await people.say("/cancel")
    await people.hear("No answer is being written")


async def test_language_auto_follows_telegram_again(people: Visitor) -> None:
    await people.say("/language en")
    await people.hear("I'll speak English")
    await people.say("/language auto")
    await people.hear("usaré el idioma de tu Telegram")


async def test_unknown_language_names_the_choices(people: Visitor) -> None:
    await people.say("/language tlh", BEN)
    await people.hear("You can choose from: en, es, auto.", BEN)


async def test_model_is_offered_with_licence_and_memory_and_used_then(people: Visitor, script: Script) -> None:
    await people.say("/model")
    message = await people.hear("Elige")
    assert "licencia Apache-2.0" in message["text"]
    assert "3,0 GiB" in message["text"]
    assert "e5" not in message["text"]
    assert [[button["text"] for button in row] for row in message["reply_markup"]["inline_keyboard"]] == [
        ["✓ qwen2.5-coder-1.5b"],
        ["qwen2.5-coder-0.5b"],
    ]
    await people.tap(message, "model:qwen2.5-coder-0.5b")
    await people.hear("hablamos con qwen2.5-coder-0.5b", kind="edit")
    await people.say("hola")
    await people.hear("Una respuesta.")
    assert script.requests[0].model == "qwen2.5-coder-0.5b"


async def test_model_that_is_not_installed_is_refused(people: Visitor) -> None:
    await people.say("/model multilingual-e5-small")
    await people.hear("No tengo instalado ningún modelo de conversación llamado «multilingual-e5-small»")


async def test_models_shows_what_is_installed_and_the_rest_on_demand(people: Visitor) -> None:
    await people.say("/models", BEN)
    message = await people.hear("installed models", BEN)
    assert "Chat\n● qwen2.5-coder-1.5b, in memory\nopenvino, CPU · 3.0 GiB · license Apache-2.0" in message["text"]
    assert "e5" not in message["text"]
    assert "There is one more in the catalog" in message["text"]
    [[button]] = message["reply_markup"]["inline_keyboard"]
    await people.tap(message, button["callback_data"], BEN)
    everything = await people.hear("whole catalog", BEN, kind="edit")
    assert everything["message_id"] == message["message_id"]
    assert "Search by meaning (encoders)\n○ multilingual-e5-small · 0.6 GiB · MIT" in everything["text"]
    assert "reply_markup" not in everything


async def test_models_lists_the_whole_catalog_when_asked(people: Visitor) -> None:
    await people.say("/modelos todos")
    message = await people.hear("catálogo entero")
    assert "○ multilingual-e5-small · 0,6 GiB · MIT" in message["text"]


async def test_whole_catalog_fits_one_message(people: Visitor, script: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    # The button shows it in the place of one message.
    catalog = [ModelState(model.id, "missing", model.kind, model.licence, memory_bytes=7 * 2**30) for model in CATALOG]
    monkeypatch.setattr(script, "states", lambda: catalog)
    await people.say("/models all")
    message = await people.hear("catálogo entero")
    assert [model.id for model in CATALOG if model.id not in message["text"]] == []
    kinds = {texts.text("es", f"kind-{kind}") for kind in get_args(Kind)}
    assert {line for line in message["text"].splitlines() if line in kinds} == {
        texts.text("es", f"kind-{model.kind}") for model in CATALOG
    }


async def test_nothing_installed_is_said(people: Visitor, script: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(script, "states", lambda: [ModelState("e5", "missing", "encoder", "MIT")])
    await people.say("/models")
    await people.hear("Todavía no hay ningún modelo instalado")


async def test_unknown_command_and_pictures_are_answered(people: Visitor) -> None:
    await people.say("/nonsense")
    await people.hear("No conozco ese comando")
    await people.http.post(
        f"/api/chats/{LUCIA}/messages",
        data={"from": str(LUCIA)},
        files={"file": ("photo.png", PNG, "image/png")},
    )
    await people.hear("ni fotos, ni voz")


async def test_group_talk_is_left_alone(people: Visitor, script: Script) -> None:
    await people.say("buenos días a todo el mundo", LUCIA, GROUP)
    await people.say("/help", LUCIA, GROUP)
    await people.hear("/generar", GROUP)
    assert not script.requests


async def test_every_command_is_unique_and_has_its_texts() -> None:
    registered = app.discover()
    commands = [handler for handler in registered if isinstance(handler, Command)]
    names = [name for command in commands for name in {command.name, *command.names.values()}]
    assert len(names) == len(set(names))
    prefixes = [handler.prefix for handler in registered if isinstance(handler, Button)]
    assert len(prefixes) == len(set(prefixes))
    for command in commands:
        assert all(texts.text(language, f"command-{command.name}") for language in texts.languages())
        assert set(command.names) <= set(texts.languages())
