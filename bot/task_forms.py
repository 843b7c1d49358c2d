"""The lines that `python -m bot task` reads: one form a task, and what is written for it."""

from typing import Annotated, Any, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from bot import texts
from bot.tasks.detect import detect
from bot.tasks.models import Models

Text: TypeAlias = Annotated[str, Field(pattern=r"\S")]
Language: TypeAlias = Annotated[str, Field(pattern=r"^[a-z]{2,3}$")]


def _spoken(code: str) -> str:
    if code not in texts.languages():
        raise ValueError(f"there is {', '.join(texts.languages())}")
    return code


# A language that the program itself has words for, and instructions to models.
Spoken: TypeAlias = Annotated[str, AfterValidator(_spoken)]
# Labels are compared with each other: more than these no person would have thought of.
Labels: TypeAlias = Annotated[list[Text], Field(min_length=1, max_length=100)]


class Form(BaseModel):
    """What every line has: an id, which comes back beside the result. Other fields than the task's are let be."""

    model_config = ConfigDict(strict=True, defer_build=True)  # built when a line is read: the bot itself never does

    id: str | int


class Translate(Form):
    """A text, and the language to translate it to."""

    text: Text
    source: Language | None = None
    target: Language

    async def run(self, models: Models) -> dict[str, Any]:
        """Return {translation}."""
        from bot.tasks.translate import translate

        done = await translate(models, self.text, self.target, source=self.source or "")
        return {"translation": done.text}


class Summarize(Form):
    """A text, and the language of its summary where that is not the text's own."""

    text: Text
    lang: Spoken | None = None

    async def run(self, models: Models) -> dict[str, Any]:
        """Return {summary}."""
        from bot.tasks.summarize import summarize

        done = await summarize(models, self.text, self.lang or detect(self.text))
        return {"summary": done.text}


class Sentiment(Form):
    """A text."""

    text: Text

    async def run(self, models: Models) -> dict[str, Any]:
        """Return {label, scores}."""
        from bot.tasks.sentiment import sentiment

        [mood] = await sentiment(models, [self.text])
        return {"label": mood.label, "scores": mood.scores}


class Entities(Form):
    """A text, and its language."""

    text: Text
    lang: Spoken | None = None

    async def run(self, models: Models) -> dict[str, Any]:
        """Return {entities}, offsets in characters."""
        from bot.tasks.entities import entities

        found = await entities(models, self.text, self.lang or "")
        return {"entities": [{"text": one.text, "type": one.type, "start": one.start, "end": one.end} for one in found]}


class Answer(Form):
    """A question, the text that may hold its answer, and the language to answer in where it is not the question's."""

    question: Text
    context: str
    lang: Spoken | None = None

    async def run(self, models: Models) -> dict[str, Any]:
        """Return {answer, found, quotes}; each quote is a stretch of the context."""
        from bot.tasks.answer import Passage, answer

        done = await answer(models, self.question, [Passage(self.context)], self.lang or detect(self.question))
        return {"answer": done.text, "found": done.found, "quotes": [quote.text for quote in done.quotes]}


class Classify(Form):
    """A text, and the labels that compete for it."""

    text: Text
    labels: Labels

    async def run(self, models: Models) -> dict[str, Any]:
        """Return {labels, scores}, the likeliest first."""
        from bot.tasks.classify import classify

        found = await classify(models, self.text, self.labels)
        return {"labels": [label.name for label in found], "scores": [label.score for label in found]}


class Generate(Form):
    """A prompt, and the most tokens that the text may take."""

    prompt: Text
    max_new_tokens: Annotated[int, Field(ge=1, le=4096)] = 256

    async def run(self, models: Models) -> dict[str, Any]:
        """Return {text}."""
        from bot.tasks.generate import generate

        done = await generate(models, self.prompt, detect(self.prompt), max_new_tokens=self.max_new_tokens)
        return {"text": done.text}


AnyForm: TypeAlias = Translate | Summarize | Sentiment | Entities | Answer | Classify | Generate
FORMS: dict[str, type[AnyForm]] = {
    form.__name__.lower(): form for form in (Answer, Classify, Entities, Generate, Sentiment, Summarize, Translate)
}
