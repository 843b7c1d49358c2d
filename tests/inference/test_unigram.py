"""Ids are those that the tokenizers library gives for the same file."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

from bot.config import Settings
from bot.inference import weights
from bot.inference.catalog import find
from bot.inference.e5s1 import E5File, Vocabulary
from bot.inference.engines import unigram
from bot.inference.engines.unigram import Unigram
from tests.inference.e5s1_file import SmallE5

TEXTS = [
    *("¿Cuándo es el examen de biología?", "The mitochondria make the cell's energy.", "passage: hola", "query: "),
    *("", " ", "   ", " a", "a ", "  dos   espacios  ", "a\tb\nc\r\n", "\n\n", "passage: \n\nx", "hola " * 300),
    *("ñ", "n\u0303", "e\u0301", "a\u0327\u0301", "ﬁ", "½", "①", "ﾊﾞ", "Å", "x\u200by", "\u200b", "\ufeffx"),
    *("a\u00a0b", "a\u3000b", "\u3000", "▁", "a▁b", "a ▁ b", "a\0b", "\x01\x02x\x7f", "\ufffd", "\x85"),
    *("日本語のテキスト", "中文 测试。", "Привет, мир", "مرحبا بالعالم", "한국어", "ไทย", "👩‍🔬🚀🇪🇸", "<mask>"),
]


def reference(vocabulary: Vocabulary) -> Tokenizer:
    """The tokenizers library's, with the file's normalization in standard rules."""
    tokenizer = Tokenizer(models.Unigram(list(vocabulary.pieces), unk_id=vocabulary.unk, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    return tokenizer


def ids(tokenizer: Tokenizer, texts: list[str]) -> list[list[int]]:
    return [encoding.ids for encoding in tokenizer.encode_batch(texts, add_special_tokens=False)]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Unigram:
    folder = tmp_path_factory.mktemp("small")
    assert not unigram.written(folder)
    unigram.write(E5File(SmallE5().write()).vocabulary, folder)
    assert unigram.written(folder)
    return Unigram(folder)


def test_special_tokens_go_around(small: Unigram) -> None:
    assert small.sentences(["hola", "ho  la", "x", ""], 24) == [[0, 5, 2], [0, 10, 4, 11, 2], [0, 4, 3, 2], [0, 2]]


def test_long_texts_are_cut_inside_of_the_special_tokens(small: Unigram) -> None:
    [row] = small.sentences(["hola " * 50], 24)
    assert row == [0, *[5] * 22, 2]


def test_tokens_are_counted_without_special_ones(small: Unigram) -> None:
    assert small.count(["hola", "", "ho  la"]) == [1, 0, 3]


def test_special_tokens_in_a_text_are_text(small: Unigram) -> None:
    assert not {0, 1, 2} & set(small.sentences(["</s> <s> <pad>"], 24)[0][1:-1])


def test_the_files_map_is_followed(small: Unigram) -> None:
    assert small.count(["ﬁ"]) == small.count(["fi"])


@given(st.text(alphabet="hola ▁xﬁñ\t", max_size=40))
def test_ids_are_those_of_the_tokenizers_library(small: Unigram, text: str) -> None:
    vocabulary = E5File(SmallE5().write(normalized={"ﬁ": "fi", "▁": " ", "\t": " "})).vocabulary
    mapped = "".join({"▁": " ", "\t": " "}.get(character, character) for character in text)
    [expected] = ids(reference(vocabulary), [text])
    assert small.sentences([mapped], 1000)[0][1:-1] == expected


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    model, weights_dir = find("multilingual-e5-small"), Settings().weights_dir
    if not weights.installed(model, weights_dir):
        pytest.skip("the weights of multilingual-e5-small are not on this machine")
    return E5File(weights.path(model, weights_dir).read_bytes()).vocabulary


@pytest.fixture(scope="module")
def real(vocabulary: Vocabulary, tmp_path_factory: pytest.TempPathFactory) -> Unigram:
    folder = tmp_path_factory.mktemp("real")
    unigram.write(vocabulary, folder)
    return Unigram(folder)


@pytest.fixture(scope="module")
def expected(vocabulary: Vocabulary) -> Tokenizer:
    return reference(vocabulary)


@pytest.mark.weights
def test_real_texts_have_the_tokenizers_librarys_ids(real: Unigram, expected: Tokenizer) -> None:
    assert [row[1:-1] for row in real.sentences(TEXTS, 10_000)] == ids(expected, TEXTS)


@pytest.mark.weights
def test_every_character_has_its_ids(real: Unigram, expected: Tokenizer, vocabulary: Vocabulary) -> None:
    """But for those that a newer Unicode maps and the file, which is what the model was trained with, does not."""
    normalizer = expected.normalizer
    texts = [f"a{chr(point)}b" for point in range(0x30000) if not 0xD800 <= point < 0xE000]
    other = {text for text in texts if normalizer.normalize_str(text[1]) != vocabulary.normalized.get(text[1], text[1])}
    texts = [text for text in texts if text not in other]
    assert [row[1:-1] for row in real.sentences(texts, 100)] == ids(expected, texts)
    assert len(other) < 500
    assert not any(ord(text[1]) in range(0x20, 0x600) for text in other)


@pytest.mark.weights
@given(text=st.text(st.characters(max_codepoint=0xA000, exclude_categories=("Cs", "Cn")), max_size=60))
def test_any_text_has_its_ids(real: Unigram, expected: Tokenizer, vocabulary: Vocabulary, text: str) -> None:
    normalizer = expected.normalizer
    known = "".join(
        character
        for character in text
        if normalizer.normalize_str(character) == vocabulary.normalized.get(character, character)
    )
    assert [real.sentences([known], 1000)[0][1:-1]] == ids(expected, [known])
