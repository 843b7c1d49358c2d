"""The bot's words in each language. One `.ftl` file in bot/locales is one language."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from fluent.runtime import FluentBundle, FluentResource, resolver

from bot.errors import Value

LOCALES = Path(__file__).parent / "locales"
DEFAULT = "en"
# Fluent refuses values over 2500 characters, lest translators' nested references grow without end. Ours have none, and
# whole texts are put into the instructions to models.
resolver.MAX_PART_LENGTH = 10_000_000


@cache
def languages() -> tuple[str, ...]:
    """Return the codes of the languages that there is a file for."""
    return tuple(sorted(file.stem for file in LOCALES.glob("*.ftl")))


@cache
def _bundle(language: str) -> FluentBundle:
    # Isolation marks around values would be counted and shown by some Telegram clients.
    bundle = FluentBundle([language], use_isolating=False)
    bundle.add_resource(FluentResource((LOCALES / f"{language}.ftl").read_text(encoding="utf-8")))
    return bundle


def text(language: str, key: str, /, **values: Value) -> str:
    """Return the text for `key`, its placeables filled. Raises KeyError for an unknown key or a missing value."""
    bundle = _bundle(language)
    pattern = bundle.get_message(key).value if bundle.has_message(key) else None
    if pattern is None:
        raise KeyError(key)
    words, errors = bundle.format_pattern(pattern, values)
    if errors:
        raise KeyError(f"{key}: {errors[0]}")
    return str(words)


def choose(preferences: Iterable[str | None]) -> str:
    """Return the first preference that there are texts for ("es-AR" counts as "es"), else the default."""
    for preference in preferences:
        code = (preference or "").split("-")[0].lower()
        if code in languages():
            return code
    return DEFAULT
