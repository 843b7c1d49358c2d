"""What everybody is asked, and how a round of questions went."""

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot import texts
from bot.inference.api import ChatRequest
from bot.inference.catalog import find
from bot.markdown import escape
from bot.tasks import chat

NEW_TOKENS = 64
TOPICS = (
    "la fotosíntesis",
    "los volcanes",
    "el sistema solar",
    "la célula",
    "el ciclo del agua",
    "los ecosistemas",
    "la Revolución francesa",
    "el teorema de Pitágoras",
)


@dataclass(frozen=True, slots=True)
class Answer:
    """One person's wait for the first words, in seconds, and what came of it."""

    first_s: float
    tokens: int


@dataclass(frozen=True, slots=True)
class Round:
    """How long some answers took in all, in seconds."""

    seconds: float
    answers: tuple[Answer, ...]


def question(number: int) -> str:
    """Return a question that no other is like, which asks for more words than anybody gets.

    With the bot's instructions it makes a prompt of about 216 tokens.
    """
    topic = TOPICS[number % len(TOPICS)]
    return (
        f"Pregunta {number}: explica con detalle y en varios párrafos {topic} a un estudiante que prepara un examen,"
        " con un ejemplo de la vida diaria."
    )


def request(model: str, asked: str, seed: int, new_tokens: int = NEW_TOKENS) -> ChatRequest:
    """Return what the bot makes of a Spanish speaker's first question in a private chat."""
    system = texts.text("es", "prompt-chat", model=escape(model), maker=escape(find(model).maker))
    return chat.request(model, system, [], asked, max_new_tokens=new_tokens, seed=seed)


def tokens_per_second(rounds: Iterable[Round]) -> float:
    """Return the tokens of all answers over the time of all rounds."""
    done = list(rounds)
    return sum(answer.tokens for each in done for answer in each.answers) / sum(each.seconds for each in done)


def first_s(rounds: Sequence[Round]) -> float:
    """Return the median wait for the first words, in seconds."""
    return statistics.median(answer.first_s for each in rounds for answer in each.answers)
