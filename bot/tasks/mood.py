"""A conversation's mood over time and by topic, out of the mood of its messages; nobody's own mood can be read off."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from statistics import fmean
from typing import Any

from bot.tasks.detect import detect

# Every point and every topic is of this many messages at least, and in groups of so many people.
MESSAGES, PEOPLE = 5, 2
# Points and topics that a picture as wide as a phone can show.
_POINTS, _TOPICS = 12, 6

_WORD = re.compile(r"[^\W\d_]{4,}")
_NO_WORDS = re.compile(r"https?://\S+|@\w+")
_SENTENCE_START = re.compile(r"(?:^|[.!?…:]\s+|[¿¡\"«])$")
_STEMMERS = {"es": "spanish", "en": "english"}
# What people say in chats about anything.
_CHATTER = """
gracias hola vale bueno bien buenos buenas días claro pues jaja jajaja jajajaja creo parece quiero puede puedo
hacer hace hago tengo tiene vamos está están estoy ahora luego mañana ayer siempre nunca nada algo alguien todos
mucho muchas poco mejor peor cosa cosas gente verdad seguro igual aquí allí tampoco entonces menos mismo
thanks thank hello okay well good great just really very think know want need going make made does done today
tomorrow yesterday always never nothing something someone everyone much many more less better worse thing things
people sure maybe also like right here there then still even have been will would could should haha yeah"""


@dataclass(frozen=True, slots=True)
class Felt:
    """A message and its mood, from -1 to 1. `names` are what its writer goes by."""

    person: int
    names: str
    text: str
    at: datetime
    mood: float


@dataclass(frozen=True, slots=True)
class Point:
    """The mean mood of some messages, and the moment that they are about."""

    at: datetime
    mood: float
    messages: int


@dataclass(frozen=True, slots=True)
class Topic:
    """The mean mood of the messages that have a word, in any of its forms."""

    word: str
    mood: float
    messages: int


def enough(felt: Sequence[Felt], people: int) -> bool:
    """Tell whether there are so many messages, of so many people, that they can be shown as one."""
    return len(felt) >= MESSAGES and len({one.person for one in felt}) >= people


def points(felt: Sequence[Felt], people: int = PEOPLE) -> list[Point]:
    """Return the course of the mood: as many points as there are messages for, each of about as many messages.

    Not stretches of equal length: most of what a group says, it says on few days. `felt` is in the order of time.
    Nothing for too few messages in all.
    """
    if not enough(felt, people):
        return []
    share = max(len(felt) / _POINTS, len(felt) / (len(felt) // MESSAGES))
    groups: list[list[Felt]] = []
    waiting: list[Felt] = []
    for count, one in enumerate(felt, start=1):
        waiting.append(one)
        if count >= share * (len(groups) + 1) and enough(waiting, people):
            groups.append(waiting)
            waiting = []
    # Messages of one person alone, at the end, say.
    groups[-1:] = [[*groups[-1], *waiting]]
    return [_point(group) for group in groups]


def _point(group: Sequence[Felt]) -> Point:
    begin = group[0].at
    middle = fmean((one.at - begin).total_seconds() for one in group)
    return Point(begin + timedelta(seconds=middle), fmean(one.mood for one in group), len(group))


def topics(felt: Sequence[Felt], people: int = PEOPLE) -> list[Topic]:
    """Return what most is said about, most first; each message counts for one topic.

    No topic is called by a person's name: neither those of the writers nor words that are written like names.
    """
    left = [(one, stems) for one, stems in zip(felt, _stems(felt), strict=True) if stems]
    found: list[Topic] = []
    while len(found) < _TOPICS and (stem := _commonest(left, people)):
        group = [(one, stems[stem]) for one, stems in left if stem in stems]
        left = [(one, stems) for one, stems in left if stem not in stems]
        word = Counter(word for _, word in group).most_common(1)[0][0]
        found.append(Topic(word, fmean(one.mood for one, _ in group), len(group)))
    return found


def _commonest(left: Sequence[tuple[Felt, dict[str, str]]], people: int) -> str:
    having: defaultdict[str, list[Felt]] = defaultdict(list)
    for one, stems in left:
        for stem in stems:
            having[stem].append(one)
    able = {stem: len(group) for stem, group in having.items() if enough(group, people)}
    return max(sorted(able), key=able.__getitem__, default="")


def _stems(felt: Sequence[Felt]) -> Iterator[dict[str, str]]:
    """Yield, for each message, the stems of the words that may be topics, each with the form it has there."""
    texts = [_NO_WORDS.sub(" ", one.text) for one in felt]
    forbidden = _names(felt) | _written_like_names(texts) | _stop_words()
    for text in texts:
        words = {word.lower() for word in _WORD.findall(text)} - forbidden
        stemmer = _stemmer(detect(text)) if words else None
        yield {stemmer.stemWord(word): word for word in sorted(words)} if stemmer else {}


def _names(felt: Sequence[Felt]) -> set[str]:
    return {word.lower() for names in {one.names for one in felt} for word in _WORD.findall(names)}


def _written_like_names(texts: Sequence[str]) -> set[str]:
    """Return the words that mostly have a capital where no sentence begins."""
    capital, small = Counter[str](), Counter[str]()
    for text in texts:
        for match in _WORD.finditer(text):
            word = match.group()
            if word.istitle() and not _SENTENCE_START.search(text[: match.start()]):
                capital[word.lower()] += 1
            elif word.islower():
                small[word] += 1
    return {word for word, times in capital.items() if times > small[word]}


@cache
def _stop_words() -> frozenset[str]:
    from bm25s.stopwords import STOPWORDS_EN_PLUS, STOPWORDS_SPANISH

    return frozenset((*STOPWORDS_EN_PLUS, *STOPWORDS_SPANISH, *_CHATTER.split()))


@cache
def _stemmer(language: str) -> Any:
    import Stemmer

    return Stemmer.Stemmer(_STEMMERS[language])
