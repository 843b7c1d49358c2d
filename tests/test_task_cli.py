"""python -m bot task: JSON Lines in, JSON Lines out."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from bot.errors import Busy
from bot.inference.api import ChatRequest
from bot.task_cli import MOST_BYTES, lines, results
from bot.task_forms import FORMS, Generate
from bot.tasks.models import Models
from tests.conftest import PATIENCE, Script

CHAT = "qwen2.5-coder-1.5b"


def line(**fields: object) -> bytes:
    return json.dumps(fields).encode() + b"\n"


async def given(*source: bytes) -> AsyncIterator[bytes]:
    for one in source:
        yield one


async def written(script: Script, *source: bytes, at_once: int = 8) -> list[dict[str, Any]]:
    async with aclosing(results(Models(script, CHAT), Generate, given(*source), at_once)) as found:
        return [result async for result in found]


def parrot(request: ChatRequest) -> list[str]:
    return [request.turns[-1].text]


class Backwards(Script):
    """Ends the request that came last first."""

    async def _events(self, request: ChatRequest) -> Any:
        number = int(request.turns[-1].text)
        while len(self.requests) < 5 or self.running > number + 1:
            await asyncio.sleep(0)
        async for event in super()._events(request):
            yield event


async def test_results_come_in_the_order_of_the_lines() -> None:
    script = Backwards(parrot)
    found = await written(script, *(line(id=f"a{number}", prompt=str(number)) for number in range(5)))
    assert found == [{"id": f"a{number}", "text": str(number)} for number in range(5)]
    assert script.most == 5


class Slow(Script):
    """Lets everybody else have some turns before it answers."""

    async def _events(self, request: ChatRequest) -> Any:
        for _ in range(20):
            await asyncio.sleep(0)
        async for event in super()._events(request):
            yield event


@pytest.mark.parametrize("at_once", [1, 3])
async def test_no_more_lines_than_allowed_are_in_flight(at_once: int) -> None:
    script = Slow(parrot)
    found = await written(script, *(line(id=number, prompt="hola") for number in range(20)), at_once=at_once)
    assert [one["id"] for one in found] == list(range(20))
    assert script.most == at_once


BAD = {
    b"{": None,
    b"\xff\xfe": None,
    b"[1]": None,
    b'"words"': None,
    b"NaN": None,
    b"[" * 100_000: None,
    b'{"id": 1, "prompt": "\\ud800"}': None,
    b'{"id": 1, "prompt": NaN}': None,
    b'{"prompt": "hola"}': None,
    b'{"id": null, "prompt": "hola"}': None,
    b'{"id": true, "prompt": "hola"}': None,
    b'{"id": 1.5, "prompt": "hola"}': None,
    b'{"id": {"a": 1}, "prompt": "hola"}': None,
    b'{"id": 1' + b"0" * 5000 + b', "prompt": "hola"}': None,
    b'{"id": 7}': 7,
    b'{"id": "x", "prompt": ""}': "x",
    b'{"id": "x", "prompt": " \\n"}': "x",
    b'{"id": "x", "prompt": 3}': "x",
    b'{"id": "x", "prompt": ["hola"]}': "x",
    b'{"id": "x", "prompt": null}': "x",
    b'{"id": "x", "prompt": "hola", "max_new_tokens": "3"}': "x",
    b'{"id": "x", "prompt": "hola", "max_new_tokens": 0}': "x",
    b'{"id": "x", "prompt": "hola", "max_new_tokens": 99999999999999999999}': "x",
    b'{"id": "x", "prompt": "' + b"a" * MOST_BYTES + b'"}': None,
}


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad[:40].decode(errors="replace"))
async def test_a_bad_line_gives_an_error_and_the_rest_goes_on(bad: bytes) -> None:
    script = Script(parrot)
    first, error, last = await written(script, line(id=1, prompt="uno"), bad, line(id=2, prompt="dos"))
    assert (first, last) == ({"id": 1, "text": "uno"}, {"id": 2, "text": "dos"})
    assert error.keys() == {"id", "error"}
    assert error["id"] == BAD[bad]
    assert error["error"]
    assert len(script.requests) == 2


RIGHT: dict[str, dict[str, Any]] = {
    "translate": {"text": "hola", "target": "en", "source": "es"},
    "summarize": {"text": "hola", "lang": "es"},
    "sentiment": {"text": "hola"},
    "entities": {"text": "hola", "lang": "es"},
    "answer": {"question": "¿Qué?", "context": "", "lang": "es"},
    "classify": {"text": "hola", "labels": ["a", "b"]},
    "generate": {"prompt": "hola", "max_new_tokens": 8},
}


def test_every_task_has_a_form() -> None:
    assert FORMS.keys() == RIGHT.keys()


@pytest.mark.parametrize("wrong", [{}, [[3]], True, 1.5])
@pytest.mark.parametrize(("task", "field"), [(task, field) for task, fields in RIGHT.items() for field in fields])
async def test_a_field_of_a_wrong_type_is_named(task: str, field: str, wrong: object) -> None:
    form, right = FORMS[task], {"id": 1, **RIGHT[task], "another": [1]}
    form.model_validate(right)
    with pytest.raises(ValidationError) as raised:
        form.model_validate(right | {field: wrong})
    assert {one["loc"][0] for one in raised.value.errors()} == {field}


@pytest.mark.parametrize("task", ["summarize", "entities", "answer"])
def test_a_language_that_the_program_does_not_speak_is_refused(task: str) -> None:
    with pytest.raises(ValidationError, match="there is en, es"):
        FORMS[task].model_validate({"id": 1, **RIGHT[task], "lang": "tlh"})


async def test_an_error_names_the_field() -> None:
    [error] = await written(Script(), line(id=1, max_new_tokens=0))
    assert error["error"].startswith("prompt: Field required; max_new_tokens: ")


async def test_what_goes_wrong_with_a_line_is_its_own_affair() -> None:
    def answer(request: ChatRequest) -> list[str | Exception]:
        failures: dict[str, Exception] = {"busy": Busy(), "bug": KeyError("bug")}
        return [failures.get(request.turns[-1].text, "bien")]

    found = await written(Script(answer), *(line(id=text, prompt=text) for text in ("busy", "bug", "hola")))
    assert found[0] == {
        "id": "busy",
        "error": "Too many people are waiting right now. Please try again in a couple of minutes.",
    }
    assert found[1]["id"] == "bug"
    assert "KeyError" not in found[1]["error"]
    assert found[2] == {"id": "hola", "text": "bien"}


async def test_a_source_that_breaks_is_not_taken_for_its_end() -> None:
    async def breaking() -> AsyncIterator[bytes]:
        yield line(id=1, prompt="hola")
        raise OSError("gone")

    found = results(Models(Script(parrot), CHAT), Generate, breaking(), 8)
    assert await anext(found) == {"id": 1, "text": "hola"}
    with pytest.raises(OSError, match="gone"):
        await anext(found)


async def test_who_reads_no_further_ends_what_is_in_flight() -> None:
    script = Script(lambda request: ["a"] if request.turns[-1].text == "0" else ["a", "b"], hold_after=1)
    source = given(*(line(id=number, prompt=str(number)) for number in range(6)))
    async with aclosing(results(Models(script, CHAT), Generate, source, 4)) as found:
        assert (await anext(found))["id"] == 0
    async with asyncio.timeout(PATIENCE):
        while script.running:
            await asyncio.sleep(0)
    assert script.closed == len(script.requests) - 1


async def test_each_line_is_there_before_the_next_is_written() -> None:
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as source, os.fdopen(writing, "wb", buffering=0) as sink:
        async with aclosing(lines(source)) as found:
            for number in range(3):
                sink.write(b"\n" + str(number).encode() + b"\n")
                async with asyncio.timeout(PATIENCE):
                    assert await anext(found) == f"{number}\n".encode()
            sink.close()
            assert [one async for one in found] == []


async def test_of_a_line_without_an_end_only_the_beginning_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "long.jsonl"
    file.write_bytes(b"a" * (3 * MOST_BYTES) + b"\n" + b"b" * MOST_BYTES + b"\r\nlast")
    with file.open("rb") as source:
        found = [one async for one in lines(source)]
    assert [one[:1] for one in found] == [b"a", b"b", b"l"]
    assert len(found[0]) == MOST_BYTES + 1
    assert found[1].rstrip() == b"b" * MOST_BYTES


def started(data_dir: Path, name: str = "generate") -> "subprocess.Popen[bytes]":
    environment = {**os.environ, "TERTULIA_DATA_DIR": str(data_dir)}
    command = [sys.executable, "-m", "bot", "task", name]
    # Where the tests run in the background, Ctrl-C is ignored, and what they start would inherit that.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
        )
    finally:
        signal.signal(signal.SIGINT, before)


def test_command_answers_line_by_line_and_ends_with_its_input(tmp_path: Path) -> None:
    with started(tmp_path) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(line(id="ñ", prompt="hola") + b"{\n")
        process.stdin.flush()
        first, second = (json.loads(process.stdout.readline()) for _ in range(2))
        assert first["id"] == "ñ"
        assert "`python -m bot models pull qwen2.5-coder-1.5b`" in first["error"]
        assert second["id"] is None
        rest, noise = process.communicate()
    assert (rest, noise, process.returncode) == (b"", b"", 0)


@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX's")
def test_command_ends_at_once_when_interrupted(tmp_path: Path) -> None:
    with started(tmp_path) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(b"{\n")
        process.stdin.flush()
        assert b"error" in process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == 130
        assert process.stderr is not None
        assert process.stderr.read() == b""


def test_unknown_task_names_those_that_there_are(tmp_path: Path) -> None:
    with started(tmp_path, "sing") as process:
        _, noise = process.communicate()
    assert process.returncode == 2
    assert b"There is no task sing; there are answer, classify, entities, generate, " in noise
