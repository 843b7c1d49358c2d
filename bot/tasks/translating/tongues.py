"""The languages that models translate, by the names that people give them."""

from functools import cache

from bot import texts
from bot.letters import unaccented

TONGUES = (
    "es",
    "en",
    "zh",
    "fr",
    "pt",
    "de",
    "it",
    "ca",
    "eu",
    "gl",
    "ru",
    "uk",
    "ja",
    "ko",
    "vi",
    "th",
    "ar",
    "hi",
    "qu",
    "gn",
)


def name(code: str, language: str) -> str:
    """Return what a language is called in another: "fr" is "francés" in "es"."""
    return texts.text(language, f"tongue-{code}")


def parse(word: str) -> str:
    """Return the code of a language that is named in any of the bot's languages, or by its code; "" for none."""
    plain = _plain(word)
    return plain if plain in TONGUES else _names().get(plain, "")


@cache
def _names() -> dict[str, str]:
    return {_plain(name(code, language)): code for code in TONGUES for language in texts.languages()}


def _plain(word: str) -> str:
    """Return a word in lower case, without accents."""
    return unaccented(word.casefold())
