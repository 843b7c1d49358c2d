"""Passages hold all of a document, on pages that are its own."""

import asyncio
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadInput
from bot.library import chunking
from bot.library.chunking import TOKENS, chunked
from bot.library.documents import Document, Page
from bot.storage.materials import Passage

_WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30)
_LINES = st.lists(
    st.one_of(_WORDS, st.sampled_from(["# Título", "### Más abajo", "```", "Fin.", "¿Sí? No. Ya", "", "a b c", "#"])),
    max_size=30,
).map(" \n".join)
_TEXTS = st.one_of(
    _LINES, st.lists(_WORDS, max_size=80).map(" ".join), st.text("ab \n.", max_size=300).map(lambda text: text * 9)
)
_PAGES = st.lists(_TEXTS, max_size=12).map(
    lambda texts: tuple(Page(2 * number, text, "Capítulo") for number, text in enumerate(texts, start=1))
)
_DOCUMENTS = st.builds(Document, st.just("T"), st.sampled_from(["pdf", "md", "txt", "pptx"]), _PAGES)


async def count(texts: Sequence[str]) -> list[int]:
    """Give every second character a token: so much, that sentences and words have to be cut."""
    return [len(text) // 2 + 1 for text in texts]


async def by_words(texts: Sequence[str]) -> list[int]:
    return [len(text.split()) for text in texts]


def letters(texts: Sequence[str]) -> str:
    return "".join("".join(text.split()) for text in texts)


@given(_DOCUMENTS)
def test_nothing_is_lost_or_made_up(document: Document) -> None:
    passages = asyncio.run(chunked(document, count))
    assert letters([one.text for one in passages]) == letters([page.text for page in document.pages])


@given(_DOCUMENTS)
def test_pages_go_up_and_are_where_the_text_stands(document: Document) -> None:
    passages = asyncio.run(chunked(document, count))
    assert [one.number for one in passages] == list(range(len(passages)))
    for before, after in pairwise(passages):
        assert before.page <= before.last_page <= after.page <= after.last_page
    on = {page.number: letters([page.text]) for page in document.pages}
    for one in passages:
        pages = [text for number, text in on.items() if one.page <= number <= one.last_page]
        assert letters([one.text]) in letters(pages)


@given(_DOCUMENTS)
def test_no_passage_is_too_long_for_an_encoder_or_empty(document: Document) -> None:
    for one in asyncio.run(chunked(document, count)):
        assert one.text.strip()
        # E5 reads 512 tokens; halves of a unit and the space between may add a few to the stretched length.
        assert len(one.text) // 2 < 2 * TOKENS + 60


def of(text: str, kind: str = "md") -> list[Passage]:
    return asyncio.run(chunked(Document("T", kind, (Page(1, text),)), by_words))


def test_a_heading_stays_with_what_it_heads() -> None:
    filler = "palabra " * 60
    passages = of(f"# Uno\n\n{filler}.\n\n### Dos\n\n{filler}.\n\n### Tres")
    assert [one.text.split("\n")[0] for one in passages] == ["# Uno", "### Dos"]
    assert passages[1].text.endswith("### Tres")  # alone at the end it would say nothing
    assert [one.heading for one in passages] == ["Uno", "Dos"]


def test_code_has_no_headings() -> None:
    [passage] = of("# Uno\n\n```\n# un comentario\n```\n\nMás.")
    assert passage.heading == "Uno"
    assert "# un comentario" in passage.text


def test_a_sentence_is_finished_on_the_next_page() -> None:
    pages = (
        Page(7, f"{'palabra ' * 30}la atención mira"),
        Page(8, "todos los estados. Otra cosa es el decodificador."),
    )
    first, second = asyncio.run(chunked(Document("T", "pdf", pages), by_words))
    assert (first.page, first.last_page, second.page) == (7, 8, 8)
    assert first.text.endswith("la atención mira todos los estados.")
    assert second.text == "Otra cosa es el decodificador."


def test_slides_are_passages_of_their_own() -> None:
    pages = tuple(Page(number, f"# Tema {number}\nuna línea", f"Tema {number}") for number in range(1, 5))
    passages = asyncio.run(chunked(Document("T", "pptx", pages), by_words))
    assert [(one.page, one.last_page, one.heading) for one in passages] == [(n, n, f"Tema {n}") for n in range(1, 5)]


@pytest.mark.parametrize("text", ["x" * 5000, "palabra " * 1000, "Una frase. " * 400])
def test_long_text_is_cut(text: str) -> None:
    passages = asyncio.run(chunked(Document("T", "txt", (Page(1, text),)), count))
    assert len(passages) > 10
    assert letters([one.text for one in passages]) == letters([text])


async def test_too_many_sentences_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunking, "MOST_UNITS", 3)
    three = Document("T", "txt", (Page(1, "Uno. Dos.\nTres."),))
    assert len(await chunked(three, by_words)) == 1
    with pytest.raises(BadInput, match="error-file-lines"):
        await chunked(Document("T", "txt", (*three.pages, Page(2, "Cuatro."))), by_words)


async def test_lengths_are_counted_in_batches() -> None:
    asked = list[int]()

    async def noting(texts: Sequence[str]) -> list[int]:
        asked.append(len(texts))
        return await count(texts)

    text = "\n".join(f"Línea {number}." for number in range(5000))
    passages = await chunked(Document("T", "txt", (Page(1, text),)), noting)
    assert asked == [2000, 2000, 1000]
    assert letters([one.text for one in passages]) == letters([text])
