import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import SimpleQueue

import psutil
import pytest

from bot.errors import BadInput, EngineFailed, OutOfMemory
from bot.inference.engines.process import Child, Message

ROOT = Path(__file__).parents[2]
COMMAND = (sys.executable, "-m", "tests.inference.echo_child")
WAIT = 30  # seconds; far more than anything here takes


@pytest.fixture
def start() -> Iterator[Callable[[str], Child]]:
    started: list[Child] = []

    def start(loads: str) -> Child:
        started.append(Child([*COMMAND, loads], folder=ROOT))
        return started[-1]

    yield start
    for one in started:
        one.close()


@pytest.fixture
def child(start: Callable[[str], Child]) -> Child:
    child = start("well")
    child.ready()
    return child


def in_thread(call: Callable[[], object]) -> SimpleQueue[object]:
    """Call in a thread; what it raised or returned comes through the queue."""
    outcome: SimpleQueue[object] = SimpleQueue()

    def run() -> None:
        try:
            outcome.put(call())
        except Exception as error:  # noqa: BLE001 - the test looks at it
            outcome.put(error)

    threading.Thread(target=run, daemon=True).start()
    return outcome


def as_bot(code: str) -> subprocess.CompletedProcess[str]:
    """Run code with a child at hand in a process of its own; prints the name of a BotError."""
    lines = (
        "from bot.errors import BotError",
        "from bot.inference.engines.process import Child",
        f"child = Child({[*COMMAND, 'well']!r})",
        "child.ready()",
        f"try: {code}",
        "except BotError as error: print(type(error).__name__)",
        "child.close()",
    )
    return subprocess.run(
        [sys.executable, "-c", "\n".join(lines)], capture_output=True, text=True, cwd=ROOT, check=True, timeout=WAIT
    )


def busy(child: Child, file: Path) -> SimpleQueue[object]:
    """Let the child compute for minutes; returns when it does."""
    outcome = in_thread(lambda: child.ask({"sleep": str(file)}))
    pause = threading.Event()
    while not file.exists():
        assert outcome.empty()
        pause.wait(0.01)
    return outcome


def test_each_line_gets_an_answer(child: Child) -> None:
    messages: list[Message] = [{"text": "ñandú\n👩‍🔬\u2028"}, {"n": [1, None, 2.5]}, {}]
    assert [child.ask(message)["echo"] for message in messages] == messages


def test_what_a_library_prints_does_not_mix_with_answers() -> None:
    done = as_bot("""print(child.ask({"print": '{"forged": 1}'}), child.ask({"n": 1}))""")
    assert done.stdout == "{'echo': {'print': '{\"forged\": 1}'}} {'echo': {'n': 1}}\n"
    assert done.stderr.count("forged") == 2


def test_errors_keep_their_kind_and_the_child_goes_on(child: Child) -> None:
    with pytest.raises(BadInput) as refused:
        child.ask({"refuse": 9})
    assert (refused.value.key, refused.value.values) == ("error-prompt-too-long", {"tokens": 9, "limit": 7})
    with pytest.raises(EngineFailed):
        child.ask({"break": "x"})
    assert child.alive
    assert child.ask({"n": 1}) == {"echo": {"n": 1}}


def test_an_unexpected_error_is_logged_without_what_somebody_wrote() -> None:
    done = as_bot("""child.ask({"break": "a secret"})""")
    assert done.stdout == "EngineFailed\n"
    assert "KeyError" in done.stderr
    assert "echo_child.py" in done.stderr
    assert "a secret" not in done.stderr


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV])
def test_a_child_that_dies_at_work_is_an_error_and_stays_one(child: Child, number: int) -> None:
    with pytest.raises(EngineFailed):
        child.ask({"kill": number})
    assert not child.alive
    assert child.memory_bytes == 0
    with pytest.raises(EngineFailed):
        child.ask({"n": 1})


def test_a_child_killed_from_outside_at_work_is_noticed_at_once(child: Child, tmp_path: Path) -> None:
    outcome = busy(child, tmp_path / "busy")
    os.kill(child._process.pid, signal.SIGKILL)
    assert isinstance(outcome.get(timeout=WAIT), EngineFailed)


@pytest.mark.parametrize(
    ("loads", "error"), [("killed", OutOfMemory), ("refused", OutOfMemory), ("broken", EngineFailed)]
)
def test_a_load_that_fails_says_why(start: Callable[[str], Child], loads: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        start(loads).ready()


def test_closing_ends_a_child_in_the_middle_of_its_work(child: Child, tmp_path: Path) -> None:
    outcome = busy(child, tmp_path / "busy")
    child.close()
    assert isinstance(outcome.get(timeout=WAIT), EngineFailed)
    assert not child.alive
    child.close()


def test_closing_ends_a_child_that_loads(start: Callable[[str], Child]) -> None:
    child = start("hanging")
    outcome = in_thread(child.ready)
    child.close()
    assert isinstance(outcome.get(timeout=WAIT), EngineFailed)


def test_a_child_that_does_not_end_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.inference.engines.process._CLOSE_SECONDS", 0.1)
    deaf = Child([sys.executable, "-c", "import time; print('{}', flush=True); time.sleep(600)"])
    deaf.ready()
    deaf.close()
    assert deaf._process.returncode == -signal.SIGKILL


def test_signals_for_the_bot_leave_a_child_at_work(child: Child) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        os.kill(child._process.pid, number)
        assert child.ask({"n": 1}) == {"echo": {"n": 1}}


def test_a_child_ends_when_the_bot_is_killed(tmp_path: Path) -> None:
    busy = tmp_path / "busy"
    code = (
        "import sys; from bot.inference.engines.process import Child\n"
        f"child = Child({[*COMMAND, 'well']!r}); child.ready(); print(child._process.pid, flush=True)\n"
        f"child.ask({{'sleep': {str(busy)!r}}})"
    )
    bot = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert bot.stdout is not None
    child = psutil.Process(int(bot.stdout.readline()))
    pause = threading.Event()
    while not busy.exists():
        pause.wait(0.01)
    bot.kill()
    bot.communicate()
    gone, _ = psutil.wait_procs([child], timeout=WAIT)
    assert gone == [child]


def test_memory_is_the_process_s_own_unless_the_child_says_otherwise(child: Child) -> None:
    assert child.memory_bytes > 5_000_000
    child.ask({"memory": 1234})
    assert child.ask({"n": 1}) == {"echo": {"n": 1}}
    assert child.memory_bytes == 1234


@pytest.mark.skipif(not Path("/proc/self/oom_score_adj").exists(), reason="Linux alone has such scores")
def test_without_memory_the_kernel_ends_a_child_before_the_bot(child: Child) -> None:
    own = int(Path("/proc/self/oom_score_adj").read_text())
    assert int(child.ask({"score": True})["score"]) > own
