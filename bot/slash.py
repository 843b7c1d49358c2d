"""The command that a message begins with, also one with accents (/sesión), which Telegram takes for plain words."""

import re
from dataclasses import dataclass

from bot.letters import unaccented

# As Telegram finds commands, with letters of every language; a path (/usr/bin) is none. A letter with a combining
# accent counts as one letter.
PATTERN = re.compile(r"\A/((?:\w[\u0300-\u036f]*){1,64})(?:@([A-Za-z0-9_]{3,32}))?(?![\w\u0300-\u036f/<>@])")


@dataclass(frozen=True, slots=True)
class Slash:
    """A command's name, lower-case and without accents; the bot that it is addressed to; where it ends in the text."""

    name: str
    addressed: str
    end: int


def slash(text: str) -> Slash | None:
    """Return what a text begins with, if that is written like a command."""
    found = PATTERN.match(text)
    return Slash(unaccented(found[1].casefold(), "NFD"), (found[2] or "").lower(), found.end()) if found else None
