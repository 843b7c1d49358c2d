"""/status: devices, memory, queue, speed and the models in memory, in the person's language."""

import pytest

from bot.inference.api import ModelState, Status
from tests.conftest import BEN, GROUP, LUCIA, Script, Visitor

GIB = 2**30
BUSY = Status(
    devices=("CPU, 2 threads, bfloat16", "NVIDIA H200, 139 GiB"),
    memory_bytes=3 * GIB,
    memory_limit=8 * GIB,
    running=2,
    queued=1,
    tokens_per_second=28.64,
    models=(
        ModelState("qwen2.5-coder-1.5b", "loaded", "chat", "Apache-2.0", "openvino", "cpu", 3 * GIB, 2, 1),
        ModelState("qwen3-4b", "loading", "chat", "Apache-2.0", "torch", "cuda:0", 8 * GIB),
        ModelState("qwen3-0.6b", "failed", "chat", "Apache-2.0"),
        ModelState("opus-mt-es-en", "installed", "seq2seq", "CC-BY-4.0"),
        ModelState("nllb-200", "missing", "seq2seq", "CC-BY-NC-4.0"),
    ),
)


async def test_status_in_spanish(people: Visitor, script: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(script, "status", lambda: BUSY)
    await people.say("/estado")
    message = await people.hear("Así va la máquina")
    assert message["text"].splitlines() == [
        "Así va la máquina",
        "🖥 CPU, 2 threads, bfloat16",
        "🖥 NVIDIA H200, 139 GiB",
        "💾 ▰▰▰▰▱▱▱▱▱▱ 3,0 de 8,0 GiB",
        "✍ 2 peticiones en curso, una en cola",
        "⚡ 28,6 tokens por segundo (últimos cinco minutos)",
        "",
        "Modelos",
        "● qwen2.5-coder-1.5b, en memoria · openvino, CPU · 3,0 GiB",
        "⏳ qwen3-4b, cargándose",
        "✕ qwen3-0.6b, no se pudo cargar",
    ]


async def test_status_in_english_in_a_group(people: Visitor, script: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(script, "status", lambda: BUSY)
    await people.say("/status", BEN, GROUP)
    message = await people.hear("How the machine is doing", GROUP)
    assert "💾 ▰▰▰▰▱▱▱▱▱▱ 3.0 of 8.0 GiB" in message["text"]
    assert "2 requests running, one waiting" in message["text"]
    assert "28.6 tokens a second" in message["text"]


async def test_status_of_an_idle_machine(people: Visitor, script: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    idle = Status(("CPU",), 0, 8 * GIB, 0, 0, 0.0, (ModelState("e5", "installed", "encoder"),))
    monkeypatch.setattr(script, "status", lambda: idle)
    await people.say("/status", BEN)
    message = await people.hear("How the machine", BEN)
    assert message["text"].splitlines()[2:] == [
        "💾 ▱▱▱▱▱▱▱▱▱▱ 0.0 of 8.0 GiB",
        "✍ nothing running, nobody waiting",
        "⚡ nothing was written in the last five minutes",
        "",
        "No model is in memory: it is loaded with the first question.",
    ]


async def test_work_is_told_of_each_model_where_several_work(
    people: Visitor, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    models = (
        ModelState("qwen3-4b", "loaded", "chat", "", "torch", "cuda:0", 8 * GIB, 2),
        ModelState("opus-mt-es-en", "loaded", "seq2seq", "", "torch", "cpu", GIB, 1, 3),
        ModelState("e5", "loaded", "encoder", "", "torch", "cpu", GIB),
    )
    monkeypatch.setattr(script, "status", lambda: Status(("CPU",), 0, 0, 3, 3, 0.0, models))
    await people.say("/status", BEN)
    assert (await people.hear("How the machine", BEN))["text"].splitlines()[-3:] == [
        "● qwen3-4b, in memory · torch, CUDA:0 · 8.0 GiB · 2 requests running, nobody waiting",
        "● opus-mt-es-en, in memory · torch, CPU · 1.0 GiB · one request running, 3 waiting",
        "● e5, in memory · torch, CPU · 1.0 GiB",
    ]


@pytest.mark.parametrize(
    ("used", "limit", "line"),
    [
        (GIB // 100, 8 * GIB, "💾 ▰▱▱▱▱▱▱▱▱▱ 0,0 de 8,0 GiB"),
        (9 * GIB, 8 * GIB, "💾 ▰▰▰▰▰▰▰▰▰▰ 9,0 de 8,0 GiB"),
        (3 * GIB, 0, "💾 3,0 GiB ocupados por modelos"),
    ],
)
async def test_bar_of_odd_amounts(
    people: Visitor, script: Script, monkeypatch: pytest.MonkeyPatch, used: int, limit: int, line: str
) -> None:
    monkeypatch.setattr(script, "status", lambda: Status(("CPU",), used, limit, 0, 0, 0.0, ()))
    await people.say("/status")
    assert line in (await people.hear("Así va", LUCIA))["text"].splitlines()


async def test_status_is_told_while_an_answer_is_written(people: Visitor, script: Script) -> None:
    script.hold_after = 1
    await people.say("hola")
    await people.until(lambda event: event["type"] == "draft" and "Una" in event["text"])
    await people.say("/status")
    await people.hear("una petición en curso")
    script.gate.set()
    await people.hear("Una respuesta.")
