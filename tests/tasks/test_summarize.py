import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import texts
from bot.errors import BadInput
from bot.inference.api import ChatRequest, ModelState, RewriteRequest
from bot.inference.engines.torch_seq2seq import TorchSeq2Seq
from bot.tasks.models import Models, News, Part
from bot.tasks.reading.parts import parts
from bot.tasks.reading.sentences import sentences
from bot.tasks.summarize import FEWEST_WORDS, MOST_CHARACTERS, MOST_TOKENS, summarize
from bot.tasks.summarizing.drafts import borrowed, judged, source_of
from bot.tasks.summarizing.extract import extract
from bot.tasks.summarizing.lengths import fits, room
from tests.conftest import Script
from tests.inference.tiny_heads import write_t5

CHAT = "qwen2.5-coder-1.5b"
TEXT = (
    "El ayuntamiento de Zamora cerrará la calle Balborraz desde el 4 de octubre. La medida durará seis meses y quiere "
    "proteger el empedrado. Los vecinos entrarán con una tarjeta. Rosario Ferrero, de los comerciantes, pide que se "
    "pueda descargar hasta las once. El concejal, Andrés Luengo, contestará pronto."
)
GOOD = "Zamora cerrará la calle Balborraz desde el 4 de octubre para proteger el empedrado."
FALSE = "Zamora cerrará 3 calles y lo celebra Ana."


@dataclass
class Drafts(Script):
    """A model that writes one draft after another, the last one again and again."""

    drafts: Sequence[str] = ()
    told: list[News] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.answer = lambda _: [self.drafts[min(len(self.requests), len(self.drafts)) - 1]]

    def models(self) -> Models:
        return Models(self, CHAT, tell=self.told.append)


async def summary(*drafts: str, text: str = TEXT, **more: object) -> str:
    return (await summarize(Drafts(drafts=drafts).models(), text, "es", **more)).text  # type: ignore[arg-type]


async def test_a_good_draft_is_the_summary() -> None:
    script = Drafts(drafts=[GOOD])
    assert (await summarize(script.models(), TEXT)).text == GOOD
    [request] = script.requests
    assert request.temperature == 0
    assert TEXT in request.turns[-1].text


async def test_a_sentence_with_an_invention_is_left_out() -> None:
    assert await summary(f"{GOOD} {FALSE}") == GOOD


@pytest.mark.parametrize("number", [1, 2])
async def test_what_is_taken_from_the_prompts_examples_is_left_out(number: int) -> None:
    leaks = sentences(texts.text("es", f"prompt-summarize-answer-{number}"))
    assert all(borrowed(leak, source_of(TEXT, "es")) for leak in leaks)
    assert not borrowed(GOOD, source_of(TEXT, "es"))
    assert not any(borrowed(leak, source_of(" ".join(leaks), "es")) for leak in leaks)
    leak = "El enjambre cuelga ahora de un ciruelo."
    assert await summary(f"{GOOD} {leak}") == GOOD


async def test_an_invention_has_another_draft_written() -> None:
    assert await summary(FALSE, GOOD) == GOOD


async def test_the_draft_of_which_the_most_is_left_wins() -> None:
    assert await summary(f"Rosario Ferrero pide descargar. {FALSE}", f"{GOOD} {FALSE}") == GOOD
    assert await summary(f"{GOOD} {FALSE}", f"Rosario Ferrero pide descargar. {FALSE}") == GOOD
    assert await summary(FALSE, FALSE, f"{GOOD} {FALSE}") == GOOD


async def test_the_texts_own_sentences_replace_drafts_that_cannot_be_used() -> None:
    found = await summary(FALSE)
    assert set(sentences(found)) < set(sentences(TEXT))
    assert fits(found, room(TEXT, "short"))


@pytest.mark.parametrize("draft", [TEXT, TEXT.replace(". ", ", "), "palabra " * 200, "", "…", "# ", "- "])
async def test_never_longer_than_half(draft: str) -> None:
    found = await summary(draft)
    assert found
    assert fits(found, room(TEXT, "short"))


async def test_points_are_lines_and_keep_within_half_too() -> None:
    found = await summary(f"Resumen:\n* {GOOD[:-1]}\n* **Los vecinos entrarán con una tarjeta**", length="bullets")
    assert found.splitlines() == [f"- {GOOD[:-1]}", "- Los vecinos entrarán con una tarjeta"]


async def test_an_announcement_and_quotes_are_taken_off() -> None:
    assert await summary(f"Aquí tienes el resumen del texto: «{GOOD}»") == GOOD


async def test_a_draft_in_the_wrong_language_is_written_anew() -> None:
    wrong = "The street Balborraz will be closed from 4 in order to protect the paving of the town, they say"
    assert await summary(wrong, GOOD) == GOOD


async def test_a_sentence_that_was_cut_off_is_left_out() -> None:
    script = Drafts(drafts=[f"{GOOD} Los vecinos entrarán con una"], finish="length")
    assert (await summarize(script.models(), TEXT, "es")).text == GOOD


async def test_the_summary_may_be_in_the_other_language() -> None:
    english = "Zamora will close the street Balborraz from 4 October in order to protect its paving."
    script = Drafts(drafts=[english])
    assert (await summarize(script.models(), TEXT, "en")).text == english
    assert "English" in script.requests[0].turns[0].text


async def test_too_short_and_too_long_are_refused() -> None:
    with pytest.raises(BadInput, match="summarize-too-short"):
        await summary(text=" ".join(["corto"] * (FEWEST_WORDS - 1)))
    with pytest.raises(BadInput, match="summarize-too-long"):
        await summary(text="a b " * MOST_CHARACTERS)
    with pytest.raises(BadInput, match="error-text-too-long"):
        await summary(text="a " * (MOST_TOKENS + 1))


async def test_a_long_text_is_read_in_parts_and_the_notes_are_summarized() -> None:
    text = "\n".join([TEXT] * 90)
    notes = TEXT[: TEXT.index(" El concejal")]
    script = Drafts(drafts=[notes])
    assert (await summarize(script.models(), text, "es")).text == notes
    told = [news for news in script.told if isinstance(news, Part)]
    assert [news.number for news in told] == [*range(1, told[-1].of + 1)]
    assert len(told) > 2
    assert len(script.requests) == len(told) + 1
    assert max(len(request.turns[-1].text.split()) for request in script.requests) < 1300


async def test_a_cancelled_summary_stops_its_parts() -> None:
    script = Drafts(drafts=[GOOD], hold_after=0)
    task = asyncio.create_task(summarize(script.models(), "\n".join([TEXT] * 90), "es"))
    while script.running < 2:
        await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert script.running == 0


@dataclass
class Rewriting(Script):
    """A seq2seq model beside the chat model."""

    rewritten: str = GOOD
    asked: list[RewriteRequest] = field(default_factory=list)

    def states(self) -> list[ModelState]:
        return [*super().states(), ModelState("mt5", "installed", "seq2seq", tasks=("summarize",), languages=("es",))]

    async def rewrite(self, request: RewriteRequest) -> list[str]:
        self.asked.append(request)
        return [self.rewritten for _ in request.texts]


async def test_a_seq2seq_model_is_preferred_in_its_languages() -> None:
    script = Rewriting(lambda request: [GOOD])
    assert (await summarize(Models(script, CHAT), TEXT, "es")).text == GOOD
    assert script.requests == []
    assert script.asked[0].model == "mt5"
    await summarize(Models(script, CHAT), TEXT, "en")
    assert len(script.asked) == 1


async def test_of_a_single_part_nothing_is_told() -> None:
    told: list[News] = []
    await summarize(Models(Rewriting(), CHAT, tell=told.append), TEXT, "es")
    assert told == []


async def test_a_seq2seq_model_does_not_translate() -> None:
    english = (
        "The council of the town will close the street from the 4 of October, and it says that it will be for long."
    )
    script = Rewriting(lambda request: [GOOD])
    await summarize(Models(script, CHAT), english, "es")
    assert script.asked == []


async def test_what_a_seq2seq_model_invents_is_left_out_too() -> None:
    found = (await summarize(Models(Rewriting(rewritten=FALSE), CHAT), TEXT, "es")).text
    assert "Ana" not in found
    assert set(sentences(found)) < set(sentences(TEXT))


@given(st.text(min_size=1, max_size=300))
def test_an_extract_fits_whatever_the_text(text: str) -> None:
    given_room = room(text, "short")
    found = extract(text, given_room)
    assert not found or given_room.words == 0 or fits(" ".join(found), given_room)


@given(st.text(max_size=200), st.text(max_size=200))
def test_what_is_kept_of_a_draft_always_fits(draft: str, text: str) -> None:
    given_room = room(text, "short")
    assert fits(" ".join(judged(draft, source_of(text, "es"), given_room).pieces), given_room)


@given(st.text(alphabet="ab. \n", max_size=400), st.integers(5, 40))
async def test_parts_lose_no_word(text: str, limit: int) -> None:
    found = await parts(Script(), CHAT, text, limit)
    assert " ".join(found).split() == text.split()


async def test_words_without_sentences_are_cut_into_parts() -> None:
    found = await parts(Script(), CHAT, "a " * 3000, 500)
    assert max(len(part.split()) for part in found) <= 500
    assert len(found) <= 8


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Hola. ¿Qué tal? Bien", ["Hola.", "¿Qué tal?", "Bien"]),
        ("El Sr. Ruiz y la Dra. Gil llegaron.", ["El Sr. Ruiz y la Dra. Gil llegaron."]),
        ("J. Farrow came. He left.", ["J. Farrow came.", "He left."]),
        ("«No.» Se fue.\n\n- Uno", ["«No.»", "Se fue.", "- Uno"]),
        ("Vale 3.5 euros... y ya", ["Vale 3.5 euros... y ya"]),
        ("", []),
    ],
)
def test_sentences(text: str, found: list[str]) -> None:
    assert sentences(text) == found


def request_lengths(requests: Sequence[ChatRequest]) -> list[int]:
    return [request.max_new_tokens for request in requests]


async def test_medium_gets_more_room_than_short() -> None:
    short, medium = Drafts(drafts=[GOOD]), Drafts(drafts=[GOOD])
    await summarize(short.models(), TEXT * 3, "es")
    await summarize(medium.models(), TEXT * 3, "es", length="medium")
    assert max(request_lengths(short.requests)) < min(request_lengths(medium.requests))


class Headed(Script):
    """A real seq2seq head, with random weights."""

    def __init__(self, engine: TorchSeq2Seq) -> None:
        super().__init__()
        self.engine = engine

    def states(self) -> list[ModelState]:
        return [ModelState("tiny", "installed", "seq2seq", tasks=("summarize",), languages=("es",))]

    async def rewrite(self, request: RewriteRequest) -> list[str]:
        return [str(text) for text in self.engine.run(replace(request, max_new_tokens=12))]

    async def count_tokens(self, model: str, texts: Sequence[str]) -> list[int]:
        return self.engine.count_tokens(texts)


async def test_a_real_head_is_obeyed_no_more_than_a_model(tmp_path: Path) -> None:
    script = Headed(TorchSeq2Seq(write_t5(tmp_path), device="cpu", dtype="float32", threads=1))
    text = "la luz es la luz. " * 3  # what fits its 40 tokens
    found = (await summarize(Models(script, CHAT), text, "es")).text
    assert found
    assert fits(found, room(text.strip(), "short"))
    assert script.requests == []


@pytest.mark.parametrize("text", ["." * 100_000 + "A", "de " * 60_000, "A'" * 50_000, "a-" * 50_000, "- " * 60_000])
@pytest.mark.timeout(20)
def test_hostile_texts_take_no_long_time(text: str) -> None:
    given_room = room(text, "short")
    judged(text[:3000], source_of(text, "es"), given_room)
    assert sum(map(len, sentences(text))) <= len(text)
    assert len(extract(text, given_room)) <= 1
