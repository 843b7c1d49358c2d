"""Threads: which messages of a group belong together, by replies, silences and subjects."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

# A silence after which what is said belongs to something new, unless it is a reply.
SILENCE = timedelta(minutes=15)
# What says that another subject begins.
_OPENS = re.compile(
    r"\W*(?:(?:y\s+)?otra cosa\b|cambiando de tema|cambio de tema|por cierto|(?:una )?pregunta aparte|aparte de eso"
    r"|(?:oh,?\s+)?by the way\b|btw\b|changing (?:the )?(?:topic|subject)|on another (?:note|subject|topic)"
    r"|(?:and )?another thing\b|off[- ]topic\b|unrelated\b)",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]{4,}")
# So many letters stand for a word: endings change, "reunión" and "reunirnos" do not differ before.
_STEM = 5
# What answers goes on with its subject.
_ANSWERS = re.compile(
    r"\W*(?:s[ií]|no|vale|claro|pues|yo|a mí|me|gracias|genial|perfecto|hecho|yes|yeah|yep|nope?|ok(?:ay)?"
    r"|sure|fine|thanks|great|agreed|me too|i|i'll|i'm)\b",
    re.IGNORECASE,
)
# Fewer words in all, and of content, say too little of a subject to tell a new one by.
_SHORT, _FEW = 8, 2


@dataclass(frozen=True, slots=True)
class Heard:
    """A message of a group; `topic` is the forum topic's id, 0 outside of any."""

    id: int
    topic: int
    name: str
    text: str
    reply_to: int | None
    sent_at: datetime


def threads(messages: Sequence[Heard]) -> list[list[Heard]]:
    """Return the messages, which come in their order, by thread.

    A reply belongs to what it replies to. Any other message goes on with what its topic last spoke of, unless there
    was a long silence or it opens a new subject: by saying so, or since it has no word in common with what precedes;
    with one it goes to the thread that has it.
    """
    found: list[list[Heard]] = []
    of: dict[int, list[Heard]] = {}
    running: dict[int, list[list[Heard]]] = {}
    for message in messages:
        open_ = [one for one in running.get(message.topic, []) if message.sent_at - one[-1].sent_at <= SILENCE]
        thread = of.get(message.reply_to or 0) or _goes_on(open_, message)
        if thread is None:
            found.append(thread := [])
        thread.append(message)
        of[message.id] = thread
        # The one that spoke last comes last.
        running[message.topic] = [*(one for one in open_ if one is not thread), thread]
    return found


def content(text: str) -> frozenset[str]:
    """Return the beginnings of the words that say what a text is about."""
    words = (word.casefold() for word in _WORD.findall(text))
    return frozenset(word[:_STEM] for word in words if word not in _empty_words())


def _goes_on(running: Sequence[list[Heard]], message: Heard) -> list[Heard] | None:
    if not running or _OPENS.match(message.text):
        return None
    said = content(message.text)
    shared = [(len(said & _content(one)), place) for place, one in enumerate(running)]
    most, place = max(shared)
    if most:
        return running[place]
    says = not _ANSWERS.match(message.text) and len(message.text.split()) >= _SHORT
    return None if says and min(len(said), len(_content(running[-1]))) >= _FEW else running[-1]


def _content(thread: Iterable[Heard]) -> frozenset[str]:
    return frozenset().union(*(content(message.text) for message in thread))


@cache
def _empty_words() -> frozenset[str]:
    from bm25s.stopwords import STOPWORDS_EN_PLUS, STOPWORDS_SPANISH

    return frozenset((*STOPWORDS_EN_PLUS, *STOPWORDS_SPANISH, *_CHATTER.split()))


# What people say of any subject.
_CHATTER = """
    hola gracias vale bueno buenas buenos pues creo puede puedo podemos puedes alguien tengo tiene tenemos vamos hacer
    hace mañana luego ahora hoy también claro perfecto genial entonces mejor siempre algo todos todas gente cosa
    hello thanks okay sure great fine well think could would should anyone someone everybody everyone tomorrow today
    tonight later then also maybe good better people thing going want need know just like really sounds
"""
