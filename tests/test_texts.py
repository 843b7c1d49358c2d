"""Every language says everything, and nothing that nobody says."""

import re
from pathlib import Path

import pytest
from fluent.syntax import FluentParser, ast
from fluent.syntax.visitor import Visitor

from bot import app, texts
from bot.routing import Command

ROOT = Path(__file__).parents[1]


def resource(language: str) -> ast.Resource:
    return FluentParser().parse((texts.LOCALES / f"{language}.ftl").read_text(encoding="utf-8"))


def messages(language: str) -> dict[str, ast.Message]:
    return {entry.id.name: entry for entry in resource(language).body if isinstance(entry, ast.Message)}


class Variables(Visitor):
    def __init__(self) -> None:
        self.names: set[str] = set()

    def visit_VariableReference(self, node: ast.VariableReference) -> None:  # noqa: N802 - fluent.syntax's name
        self.names.add(node.id.name)


def variables(message: ast.Message) -> set[str]:
    visitor = Variables()
    visitor.visit(message)
    return visitor.names


def keys_in_code() -> tuple[set[str], set[str]]:
    """Return the keys that the code names whole, and the beginnings that it completes ("state-…")."""
    source = "\n".join(
        path.read_text(encoding="utf-8") for folder in ("bot", "handlers") for path in ROOT.glob(f"{folder}/**/*.py")
    )
    whole = set(re.findall(r"""["']([a-z]+(?:-[a-z]+)*)["']""", source))
    begun = set(re.findall(r'f"([a-z]+(?:-[a-z]+)*-)\{', source))
    return whole, begun


@pytest.mark.parametrize("language", texts.languages())
def test_file_is_well_formed(language: str) -> None:
    junk = [entry.content for entry in resource(language).body if isinstance(entry, ast.Junk)]
    assert junk == []


@pytest.mark.parametrize("language", texts.languages())
def test_languages_have_the_same_texts_with_the_same_values(language: str) -> None:
    here, reference = messages(language), messages(texts.DEFAULT)
    assert here.keys() == reference.keys()
    for key, message in here.items():
        assert variables(message) == variables(reference[key]), key


def test_no_text_is_unused() -> None:
    whole, begun = keys_in_code()
    unused = {key for key in messages(texts.DEFAULT) if key not in whole and not key.startswith(tuple(begun))}
    assert unused == set()


def test_no_text_is_missing() -> None:
    whole, begun = keys_in_code()
    source_keys = {key for key in whole if key.startswith(("error-", "answer-", "waiting-", "button-", "prompt-"))}
    commands = {f"command-{handler.name}" for handler in app.discover() if isinstance(handler, Command)}
    known = set(messages(texts.DEFAULT))
    assert (source_keys | commands) - known == set()
    assert {"command-", "help-", "kind-", "language-", "state-"} <= begun


def test_missing_text_or_value_is_an_error() -> None:
    with pytest.raises(KeyError):
        texts.text("es", "no-such-text")
    with pytest.raises(KeyError):
        texts.text("es", "model-set")


def test_long_values_are_filled_in() -> None:
    long = "palabra " * 1000
    assert long in texts.text("es", "model-set", model=long)


@pytest.mark.parametrize(
    ("preferences", "language"), [(["es-AR"], "es"), ([None, "en"], "en"), (["de", "es"], "es"), (["", "pt-br"], "en")]
)
def test_first_language_that_is_spoken_is_chosen(preferences: list[str | None], language: str) -> None:
    assert texts.choose(preferences) == language
