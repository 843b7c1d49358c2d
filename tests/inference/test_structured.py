"""Checked answers: with scripted answers, and from a tiny torch model whose words are random but whose form is not."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pytest
from pydantic import BaseModel, Field

from bot.errors import EngineFailed
from bot.inference import structured
from bot.inference.api import ChatRequest, Done, Turn
from bot.inference.engines.protocol import Output
from bot.inference.engines.torch_chat import TorchChat
from tests.conftest import Script
from tests.inference.tiny_models import write_chat_model


class Answer(BaseModel):
    kind: Literal["yes", "no"]
    pages: list[int] = Field(max_length=2)


REQUEST = ChatRequest("qwen2.5-coder-1.5b", (Turn("user", "hola"),), 80, seed=4)
RIGHT = '{"kind": "yes", "pages": [3]}'


@dataclass
class Scripted(Script):
    """Gives one answer after another."""

    answers: list[str] = field(default_factory=list)

    async def generate(self, request: ChatRequest) -> Done:
        self.requests.append(request)
        return Done(self.answers.pop(0), 1, 1, "stop", 0.1, 0.1)


async def test_an_answer_comes_as_checked_data() -> None:
    script = Scripted(answers=[RIGHT])
    assert await structured.generate(script, REQUEST, Answer) == Answer(kind="yes", pages=[3])
    assert json.loads(script.requests[0].schema) == Answer.model_json_schema()


@pytest.mark.parametrize("wrong", ['{"kind": "yes", "pages": [3', '{"kind": "yes", "pages": [1, 2, 3]}', "", "yes"])
async def test_what_breaks_the_schema_is_asked_for_once_more(wrong: str) -> None:
    script = Scripted(answers=[wrong, RIGHT])
    assert (await structured.generate(script, REQUEST, Answer)).kind == "yes"
    assert [request.seed for request in script.requests] == [4, 5]
    script = Scripted(answers=[wrong, wrong])
    with pytest.raises(EngineFailed) as failure:
        await structured.generate(script, REQUEST, Answer)
    assert failure.value.key == "error-no-structure"


async def test_a_model_of_random_weights_answers_in_form(tmp_path: Path) -> None:
    engine = TorchChat(write_chat_model(tmp_path), device="cpu", dtype="float32", threads=1, context=512)

    class Local(Scripted):
        async def generate(self, request: ChatRequest) -> Done:
            engine.begin(1, request)
            outputs: list[Output] = []
            while not outputs or outputs[-1].finish is None:
                outputs += engine.step()
            return Done("".join(output.text for output in outputs), 1, len(outputs), "stop", 0.1, 0.1)

    assert len((await structured.generate(Local(), REQUEST, Answer)).pages) <= 2
