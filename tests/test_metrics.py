"""/metrics: what Prometheus reads, and nothing that anybody said."""

import re
import socket
from collections.abc import AsyncGenerator
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy.orm import Session

from bot import app
from bot.config import Settings
from bot.errors import EngineFailed
from bot.inference import metrics
from bot.inference.api import ModelState, Status
from bot.playground.world import PLAYGROUND_TOKEN
from tests.conftest import BEN, GROUP, LUCIA, Script, Visitor

DOCS = Path(__file__).parents[1] / "docs" / "operations.md"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    with socket.create_server(("127.0.0.1", 0)) as free:
        settings.http_port = free.getsockname()[1]
    return settings


@pytest.fixture
async def http(bot: app.Running, settings: Settings) -> AsyncGenerator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{settings.http_port}") as client:
        yield client


async def scrape(http: httpx.AsyncClient) -> dict[str, float]:
    """Return all samples without labels by name."""
    response = await http.get("/metrics")
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/plain; version=")
    families = list(text_string_to_metric_families(response.text))
    assert len({family.name for family in families}) == len(families)
    return {sample.name: sample.value for family in families for sample in family.samples if not sample.labels}


async def test_gauges_tell_how_things_stand_now(
    http: httpx.AsyncClient, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    models = (ModelState("a", "loaded", "chat"), ModelState("b", "installed", "chat"), ModelState("c", "loaded"))
    now = Status(("CPU",), 3_000_000_000, 8_000_000_000, 2, 5, 20.0, models)
    monkeypatch.setattr(script, "status", lambda: now)
    samples = await scrape(http)
    assert {name: samples[f"tertulia_{name}"] for name in GAUGES} == {
        "inbox_waiting": 0,
        "models_loaded": 2,
        "memory_bytes": 3e9,
        "memory_limit_bytes": 8e9,
        "requests_running": 2,
        "requests_queued": 5,
    }


GAUGES = (
    "inbox_waiting",
    "models_loaded",
    "memory_bytes",
    "memory_limit_bytes",
    "requests_running",
    "requests_queued",
)


async def test_update_that_is_being_handled_counts_as_waiting(
    http: httpx.AsyncClient, people: Visitor, script: Script
) -> None:
    script.hold_after = 1
    await people.say("hola")
    await people.until(lambda event: event["type"] == "draft" and "Una" in event["text"])
    samples = await scrape(http)
    assert (samples["tertulia_inbox_waiting"], samples["tertulia_requests_running"]) == (1, 1)
    script.gate.set()
    await people.hear("Una respuesta.")


async def test_database_that_is_away_takes_its_gauge_along(http: httpx.AsyncClient, bot: app.Running) -> None:
    await bot.database.transact(Session.execute, sa.text("ALTER TABLE inbox RENAME TO away"))
    samples = await scrape(http)
    assert "tertulia_inbox_waiting" not in samples
    assert samples["tertulia_memory_bytes"] > 0


async def test_counters_of_inference_are_there(http: httpx.AsyncClient) -> None:
    before = (await http.get("/metrics")).text
    metrics.TOKENS.labels("a-model-of-this-test").inc(7)
    assert 'tertulia_tokens_total{model="a-model-of-this-test"}' not in before
    assert 'tertulia_tokens_total{model="a-model-of-this-test"} 7.0' in (await http.get("/metrics")).text


async def test_documentation_lists_every_metric(http: httpx.AsyncClient) -> None:
    rows = re.findall(
        r"^\| `(tertulia_\w+)` \| ([\w, ]*) *\| (.+?) \|$", DOCS.read_text(encoding="utf-8"), re.MULTILINE
    )
    families = list(text_string_to_metric_families((await http.get("/metrics")).text))
    # Of what has been counted, the library also says since when.
    ours = [each for each in families if each.name.startswith("tertulia_") and not each.name.endswith("_created")]
    assert {name: meaning.removeprefix("Histogram. ") for name, _, meaning in rows} == {
        family.name + ("_total" if family.type == "counter" else ""): family.documentation for family in ours
    }
    assert {name for name, _, meaning in rows if meaning.startswith("Histogram. ")} == {
        family.name for family in ours if family.type == "histogram"
    }


async def test_nothing_that_anybody_said_and_no_secret_is_in_it(
    http: httpx.AsyncClient, people: Visitor, script: Script, settings: Settings
) -> None:
    script.answer = lambda request: (
        [EngineFailed()] if "falla" in request.turns[-1].text else ["contestación ", "inconfundible"]
    )
    await people.say("una confidencia")
    await people.hear("contestación")
    await people.say("/generate something secret", BEN, GROUP)
    await people.hear("contestación", GROUP)
    await people.say("falla, por favor")
    await people.hear("Referencia")
    text = (await http.get("/metrics")).text
    assert list(text_string_to_metric_families(text))
    said = ["confidencia", "secret", "contestación", "inconfundible", "falla", "Lucía", "lucia", "Ben", "Tertulia"]
    assert [word for word in said if word in text] == []
    assert PLAYGROUND_TOKEN not in text
    assert PLAYGROUND_TOKEN.split(":")[1] not in text
    assert str(settings.data_dir) not in text
    ids = {str(number) for number in (LUCIA, BEN, abs(GROUP))}
    assert [label for label in re.findall(r'="([^"]*)"', text) if label.lstrip("-") in ids] == []
