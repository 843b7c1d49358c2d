from hypothesis import given
from hypothesis import strategies as st

from bot.tasks.translating.layout import MOST, Stretch, kept, stretches

# What may stand in a message, in any order.
PIECES = st.sampled_from(
    [
        "Hola a todos. ",
        "¿Vienes? ",
        "palabra",
        "\n",
        "\r\n",
        "- ",
        "1. ",
        "> ",
        "## ",
        "`",
        "`a. B`",
        "```py\nx = 1\n```",
        "```",
        "https://a.example/b?c=1",
        "www.example.org.",
        "ana@example.org",
        "@ana",
        "🙂",
        "👩‍👧",
        "🇪🇸",
        "1️⃣",
        " ",
        "\t",
        "x" * 300,
        "y" * 700,
        "12,5",
    ]
)
TEXTS = st.lists(PIECES, max_size=30).map("".join) | st.text(max_size=80)
CODE = st.lists(st.sampled_from(["palabra", "x = 1\n", "12"]), max_size=2).map(tuple)


def plain(text: str) -> list[str]:
    return [one.text for one in stretches(text) if one.translate]


@given(TEXTS, CODE)
def test_stretches_are_the_text(text: str, code: tuple[str, ...]) -> None:
    assert "".join(one.text for one in stretches(text, code)) == text


@given(TEXTS, CODE)
def test_what_is_translated_is_on_one_line_and_of_limited_length(text: str, code: tuple[str, ...]) -> None:
    for one in stretches(text, code):
        if one.translate:
            assert len(one.text) <= MOST
            assert not {"\n", "\r"} & set(one.text)


@given(TEXTS, CODE)
def test_no_mark_is_cut(text: str, code: tuple[str, ...]) -> None:
    for one in stretches(text, code):
        if one.translate:
            assert kept(one.text, code) <= kept(text, code)


def test_lists_and_quotes_keep_their_marks() -> None:
    assert plain("- uno\n* dos\n3. tres\n> cuatro\n## cinco\n- [ ] seis\n—Siete\n✅ ocho 🎉") == [
        "uno",
        "dos",
        "tres",
        "cuatro",
        "cinco",
        "seis",
        "Siete",
        "ocho",
    ]


def test_a_block_of_code_and_lines_without_words_stay() -> None:
    assert plain("Mira:\n```\nprint('hola')\n```\n12:30\nhttps://a.example/b\n@ana 🙂") == ["Mira:"]


def test_known_code_stays() -> None:
    code = ("for x in y:\n  pass",)
    assert plain(f"Así: {code[0]} fin") == ["Así: for x in y:", "pass fin"]
    assert [one.text for one in stretches(f"Así: {code[0]} fin", code) if one.translate] == ["Así:", "fin"]


def test_a_long_line_is_cut_between_sentences() -> None:
    sentence = "Esta frase tiene más o menos sesenta letras, ni una más ni menos."
    pieces = plain(" ".join([sentence] * 20))
    assert len(pieces) == 3
    assert all(piece.endswith("menos.") for piece in pieces)


def test_what_has_no_sentences_is_cut_between_words() -> None:
    assert [len(piece) for piece in plain("palabra " * 100)] == [495, 303]


def test_code_and_links_in_a_sentence_are_seen() -> None:
    text = "Usa `pip install x`, mira https://a.example/b. Gracias @ana 🙏🏽 👩‍👧"
    assert set(kept(text)) == {"`pip install x`", "https://a.example/b", "@ana", "🙏🏽", "👩‍👧"}


def test_nothing_is_nothing() -> None:
    assert stretches("") == []
    assert stretches("  ") == [Stretch("  ", translate=False)]
