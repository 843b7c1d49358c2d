"""A model with random weights has nothing to say, so what it writes under a schema is the schema's doing alone."""

import json
from collections.abc import Sequence
from enum import Enum

import pytest
from pydantic import BaseModel, Field
from tokenizers import Tokenizer, models

from bot.errors import BadInput
from bot.inference.api import ChatRequest, Turn
from bot.inference.engines.torch_chat import TorchChat
from bot.inference.engines.torch_grammar import Grammars
from tests.inference.tiny_models import write_chat_model


class Level(Enum):
    EASY = "fácil"
    HARD = "difícil"


class Option(BaseModel):
    text: str = Field(max_length=8)
    right: bool


class Question(BaseModel):
    title: str = Field(min_length=1, max_length=12)
    level: Level
    points: int = Field(ge=0, le=20)
    options: list[Option] = Field(min_length=2, max_length=3)
    hint: str | None = Field(default=None, max_length=5)


SCHEMA = json.dumps(Question.model_json_schema())


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> TorchChat:
    folder = write_chat_model(tmp_path_factory.mktemp("chat"))
    return TorchChat(folder, context=512, device="cpu", dtype="float32", threads=1)


def ask(schema: str, seed: int = 0, temperature: float = 1.5, tokens: int = 300) -> ChatRequest:
    turns = (Turn("user", "Haz una pregunta."),)
    return ChatRequest("tiny", turns, tokens, temperature, top_p=0.99, seed=seed, schema=schema)


def answers(engine: TorchChat, requests: Sequence[ChatRequest]) -> tuple[list[str], list[str | None]]:
    """The texts of some requests at once, and why each ended."""
    texts = [""] * len(requests)
    ends: list[str | None] = [None] * len(requests)
    for key, request in enumerate(requests):
        engine.begin(key, request)
    for _ in range(600):
        for output in engine.step():
            texts[output.key] += output.text
            ends[output.key] = output.finish or ends[output.key]
        if all(ends):
            return texts, ends
    raise AssertionError(f"some did not end: {ends}")


def test_answers_obey_the_schema_whatever_the_seed(engine: TorchChat) -> None:
    texts, ends = answers(engine, [ask(SCHEMA, seed) for seed in range(24)])
    assert ends == ["stop"] * 24
    questions = [Question.model_validate_json(text) for text in texts]
    assert {question.level for question in questions} == set(Level)
    assert {len(question.options) for question in questions} == {2, 3}
    assert len({question.title for question in questions}) > 12


def test_a_greedy_answer_obeys_it_too_and_is_always_the_same(engine: TorchChat) -> None:
    texts, ends = answers(engine, [ask(SCHEMA, seed, temperature=0) for seed in range(2)])
    Question.model_validate_json(texts[0])
    assert texts[0] == texts[1]
    assert ends == ["stop", "stop"]


def test_free_answers_beside_it_stay_as_they_were(engine: TorchChat) -> None:
    free = ask("", temperature=0, tokens=40)
    (alone,), _ = answers(engine, [free])
    texts, ends = answers(engine, [free, ask(SCHEMA, 5), free])
    assert texts[0] == texts[2] == alone
    Question.model_validate_json(texts[1])
    assert ends[1] == "stop"
    assert not alone.startswith("{")


def test_an_answer_that_is_cut_short_says_so(engine: TorchChat) -> None:
    (text,), ends = answers(engine, [ask(SCHEMA, tokens=5)])
    assert ends == ["length"]
    with pytest.raises(ValueError, match="JSON"):
        Question.model_validate_json(text)


def test_the_end_may_come_only_where_the_schema_is_obeyed(engine: TorchChat) -> None:
    end = next(iter(engine._end_tokens))
    engine.begin(0, ask('{"type": "integer", "minimum": 10, "maximum": 999}'))
    grammar = engine._reading[0].grammar
    assert grammar is not None
    logits = engine._batch.read(engine._reading[0].prompt, None, 0)[0].detach()
    digit = engine._text._tokenizer.convert_tokens_to_ids("1")
    allowed = []
    for _ in range(3):
        allowed.append(bool(grammar.mask(logits)[end].isfinite()))
        grammar.take(digit)
    assert allowed == [False, False, True]
    engine.cancel(0)


@pytest.mark.parametrize("more", ["", ', "additionalProperties": true'])
def test_properties_that_a_schema_does_not_name_come_only_if_it_asks_for_them(engine: TorchChat, more: str) -> None:
    schema = '{"type": "object", "properties": {"a": {"type": "boolean"}}, "required": ["a"]' + more + "}"
    texts, _ = answers(engine, [ask(schema, seed, tokens=12) for seed in range(8)])
    named = [text in ('{"a": true}', '{"a": false}') for text in texts]
    assert all(named) if not more else not all(named)


@pytest.mark.parametrize(
    "schema",
    [
        "{",
        "no es JSON",
        "[1]",
        "true",
        "\0",
        '{"type": 5}',
        '{"type": "cadena"}',
        '{"enum": []}',
        '{"$ref": "#"}',
        '{"$ref": "http://example.com/x"}',
        '{"not": {"type": "string"}}',
        '{"type": "integer", "minimum": 5, "maximum": 1}',
        '{"type": "string", "pattern": "(?=a)b"}',
        '{"type": "array", "items":' * 500 + "{}" + "}" * 500,
        '{"type": "array", "items":' * 1_000 + "{}" + "}" * 1_000,
        json.dumps({"enum": [f"valor {number}" for number in range(10_000)]}),
        json.dumps({"allOf": [{"anyOf": [{"properties": {f"{i} {j}": {}}} for j in range(10)]} for i in range(8)]}),
    ],
)
def test_what_is_no_schema_or_too_much_is_refused(engine: TorchChat, schema: str) -> None:
    with pytest.raises(BadInput) as error:
        engine.begin(0, ask(schema))
    assert error.value.key == "error-schema"
    assert engine.step() == []


def test_a_tokenizer_that_the_library_cannot_follow_is_refused() -> None:
    words = Tokenizer(models.WordLevel({"a": 0, "b": 1}, unk_token="a"))
    with pytest.raises(BadInput):
        Grammars(words.to_str(), 300, {1})


@pytest.mark.parametrize(
    "schema",
    [
        '{"type": "array", "items": {"type": "integer"}, "minItems": 1000000000}',
        '{"type": "string", "minLength": 100000000}',
    ],
)
def test_a_schema_that_no_short_answer_fulfils_ends_at_the_length(engine: TorchChat, schema: str) -> None:
    _, ends = answers(engine, [ask(schema, tokens=20)])
    assert ends == ["length"]
