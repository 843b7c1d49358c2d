"""A model's Markdown as text and entities, cut to fit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import MessageEntity

from bot.markdown import MAX_ENTITIES, MAX_TEXT, Part, escape, render, split, with_more


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def covered(part: Part, entity: MessageEntity) -> str:
    return part.text.encode("utf-16-le")[2 * entity.offset : 2 * (entity.offset + entity.length)].decode("utf-16-le")


@pytest.mark.parametrize(("letters", "count"), [(4096 - 2 - 6, 1), (4096 - 2 - 5, 2)])
def test_more_goes_into_the_last_message_where_it_fits(letters: int, count: int) -> None:
    [more] = render("_🙂 fin_")
    parts = with_more([Part("🎉" + "a" * (letters - 2))], more)
    assert len(parts) == count
    assert [covered(parts[-1], entity) for entity in parts[-1].entities] == ["🙂 fin"]
    assert all(units(part.text) <= MAX_TEXT for part in parts)


texts = st.text(st.sampled_from("ab ñ🙂\n*`_~[]()<>#-1.|\\"), max_size=400)


@given(texts, st.integers(20, 200))
def test_any_text_fits_and_its_entities_lie_within(markdown: str, limit: int) -> None:
    for part in render(markdown, limit):
        assert 0 < units(part.text) <= limit
        assert part.text.strip()
        assert len(part.entities) <= MAX_ENTITIES
        for entity in part.entities:
            assert entity.offset >= 0
            assert entity.length > 0
            assert entity.offset + entity.length <= units(part.text)
            covered(part, entity)  # no surrogate pair is cut


@given(st.text(st.sampled_from("ab ñ🙂\n"), max_size=400), st.integers(5, 60))
def test_splitting_loses_nothing_but_white_space(text: str, limit: int) -> None:
    pieces = [part.text for part in split(text, [], limit)]
    assert "".join("".join(pieces).split()) == "".join(text.split())


@given(st.integers(1, 60), st.integers(1, 60), st.integers(1, 60))
def test_code_block_that_fits_stays_whole(before: int, lines: int, after: int) -> None:
    code = "\n".join(f"x{number} = {number}" for number in range(lines))
    markdown = "palabra " * before + f"\n\n```python\n{code}\n```\n\n" + "palabra " * after
    parts = render(markdown, 700)
    blocks = [covered(part, entity) for part in parts for entity in part.entities if entity.type == "pre"]
    assert [block.strip() for block in blocks] == [code]


def test_code_block_longer_than_a_message_is_code_in_each_part() -> None:
    code = "\n".join(f"print({number})" for number in range(1000))
    parts = render(f"```python\n{code}\n```")
    assert len(parts) > 1
    for part in parts:
        [entity] = part.entities
        assert (entity.type, entity.language, entity.offset) == ("pre", "python", 0)
        assert part.text.splitlines()[0].startswith("print(")
    assert "\n".join(part.text for part in parts) == code


def test_cuts_fall_between_paragraphs_or_lines() -> None:
    parts = render("\n\n".join("Frase. " * 60 for _ in range(30)))
    assert all(part.text.startswith("Frase.") and part.text.endswith("Frase.") for part in parts)


@pytest.mark.parametrize(
    ("markdown", "text", "entities"),
    [
        ("**a** `b` [c](http://d.e)", "a b c", [("bold", "a"), ("code", "b"), ("text_link", "c")]),
        ("el token <eos> y <|im_end|>", "el token <eos> y <|im_end|>", []),
        ("`<eos>`", "<eos>", [("code", "<eos>")]),
        ("- uno\n- dos", "• uno\n• dos", []),
        ("🙂 **ñ**", "🙂 ñ", [("bold", "ñ")]),
        ("sin cerrar **negrita", "sin cerrar **negrita", []),
    ],
)
def test_markdown_as_people_see_it(markdown: str, text: str, entities: list[tuple[str, str]]) -> None:
    [part] = render(markdown)
    assert part.text == text
    assert [(entity.type, covered(part, entity)) for entity in part.entities] == entities


def test_blank_text_has_no_parts() -> None:
    assert render(" \n\n ") == []
    assert MAX_TEXT == 4096


@given(st.text(alphabet="ab 1.)-+*_=#>|`~<&;[]()!\\:/\n\tñ😀@", max_size=60))
def test_escaped_text_is_shown_as_it_is(text: str) -> None:
    shown = render(escape(text))
    assert all(part.entities == () for part in shown)
    assert "".join("".join(part.text for part in shown).split()) == "".join(text.split())


def test_escaped_code_and_lists_keep_their_form() -> None:
    text = "Título\n---\n    x_1 * 2\n5. uno\n7. dos\n- a"
    assert [part.text for part in render(escape(text))] == [text]
