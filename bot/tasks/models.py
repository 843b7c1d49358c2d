"""What a task works with: the models it may use, for whom, and whom to tell how it goes."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeAlias, TypeVar

from pydantic import BaseModel

from bot.inference import structured
from bot.inference.api import ChatRequest, Done, Inference, Priority, Waiting

M = TypeVar("M", bound=BaseModel)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Part:
    """A long input is worked on in parts, and this is the one at hand: the `number`th `of` so many."""

    number: int
    of: int


@dataclass(frozen=True, slots=True)
class Doing:
    """A task does something that takes long by itself; the text `waiting-<what>` says it."""

    what: Literal["search", "read", "check", "course"]


News: TypeAlias = Waiting | Part | Doing


async def together(work: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
    """Return what each piece of work returns; the first that fails ends the others, and its error is raised."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one) for one in work]
    except BaseExceptionGroup as broken:
        raise broken.exceptions[0] from None
    return [task.result() for task in tasks]


def nobody(_: News) -> None:
    """Tell nobody."""


@dataclass(slots=True)
class Used:
    """What a task took, for the footer that people can ask for: tokens written, and the models that worked."""

    tokens: int = 0
    models: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Models:
    """The models that a task may use. `chat` is the chat model of whoever asks, `person` who that is."""

    inference: Inference
    chat: str
    person: int = 0
    priority: Priority = "interactive"
    tell: Callable[[News], None] = nobody
    used: Used = field(default_factory=Used)

    def for_task(self, task: str, language: str = "") -> str:
        """Return the installed model with a head for `task` ("sentiment", "translate:es-en") and language, or ""."""
        able = [state for state in self.inference.states() if task in state.tasks]
        usable = [state for state in able if state.state not in ("missing", "failed")]
        return next((state.id for state in usable if not language or language in state.languages), "")

    def encoder(self) -> str:
        """Return the installed encoder that comes first in the catalog, or ""."""
        states = self.inference.states()
        return next((state.id for state in states if state.kind == "encoder" and state.state != "missing"), "")

    async def generate(self, request: ChatRequest) -> Done:
        """Return the chat model's answer; whoever watches is told of the wait."""
        done: Done | None = None
        async for event in self.inference.stream(self._ours(request)):
            match event:
                case Waiting():
                    self.tell(event)
                case Done():
                    done = event
        assert done is not None  # noqa: S101 - the protocol promises one
        self._note(request.model, done.new_tokens)
        return done

    async def structured(self, request: ChatRequest, schema: type[M]) -> M:
        """Return the chat model's answer as checked data; raises EngineFailed when it cannot be had."""
        return await structured.generate(self, request, schema)

    def _ours(self, request: ChatRequest) -> ChatRequest:
        return replace(request, person=self.person, priority=self.priority)

    def _note(self, model: str, tokens: int) -> None:
        self.used.models.add(model)
        self.used.tokens += tokens
