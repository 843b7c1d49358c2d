"""Where models go, and how many threads compute."""

import dataclasses
import subprocess
import sys
from pathlib import Path
from typing import Literal

import pytest

from bot.errors import ModelMissing
from bot.inference import cgroup, devices
from bot.inference.catalog import find
from bot.inference.devices import Gpu
from bot.inference.placement import Placement, Target, has_device

GIB = 1 << 30
BIG = Gpu(0, "GPU-a", "Big", 80 * GIB, 80 * GIB, 9.0)
OTHER = Gpu(1, "GPU-b", "Other", 40 * GIB, 40 * GIB, 8.0)
SMALL = Gpu(2, "GPU-c", "Small", 2 * GIB, 2 * GIB, 7.5)
CHAT, Q5, ENCODER = (find(name) for name in ("qwen2.5-coder-1.5b", "qwen2.5-coder-0.5b", "multilingual-e5-small"))
ON_CPU = Target("torch", "cpu")
OPENVINO = Target("openvino", "cpu")


def having(monkeypatch: pytest.MonkeyPatch, *gpus: Gpu, apple: bool = False) -> None:
    monkeypatch.setattr(devices, "gpus", lambda: gpus)
    monkeypatch.setattr(devices, "has_apple_gpu", lambda: apple)


def test_without_a_gpu_openvino_chats_where_it_can_read_the_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("openvino_genai")
    having(monkeypatch)
    placement = Placement(tmp_path)
    assert [placement.target(model, {}) for model in (CHAT, Q5, ENCODER)] == [OPENVINO, OPENVINO, ON_CPU]
    assert Placement(tmp_path, engine="torch").target(CHAT, {}) == ON_CPU


def test_gpus_come_first_and_the_one_with_most_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    having(monkeypatch, BIG, OTHER, SMALL)
    placement = Placement(tmp_path)
    assert placement.target(CHAT, {}) == Target("torch", "cuda:0")
    assert placement.target(CHAT, {"cuda:0": GIB, "cuda:1": 30 * GIB, "cpu": 99 * GIB}) == Target("torch", "cuda:1")
    # Full of models that can make way, it is still the place.
    assert placement.target(CHAT, {"cuda:0": 0, "cuda:1": -1, "cuda:2": GIB}) == Target("torch", "cuda:0")


def test_a_model_that_fits_no_gpu_goes_to_the_processor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    having(monkeypatch, SMALL)
    assert Placement(tmp_path).target(CHAT, {}).device == "cpu"
    assert Placement(tmp_path).target(ENCODER, {}) == Target("torch", "cuda:2")
    assert Placement(tmp_path, device="cuda").target(CHAT, {}) == Target("torch", "cuda:2")


def test_settings_win(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("openvino_genai")
    having(monkeypatch, BIG)
    assert Placement(tmp_path, device="cpu").target(CHAT, {}) == Target("openvino", "cpu")
    assert Placement(tmp_path, device="cpu").target(ENCODER, {}) == ON_CPU
    assert Placement(tmp_path, "openvino", "cuda").target(CHAT, {}) == Target("openvino", "cpu")
    assert Placement(tmp_path, "openvino").target(ENCODER, {}) == Target("torch", "cuda:0")


def test_one_memory_is_not_shared_out_twice_on_apple_silicon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    having(monkeypatch, apple=True)
    huge = dataclasses.replace(CHAT, memory={"torch": 1 << 60})
    assert Placement(tmp_path).target(huge, {}) == Target("torch", "mps")
    assert [device.name for device in Placement(tmp_path).devices()] == ["mps", "cpu"]


@pytest.mark.parametrize(
    ("device", "names"),
    [("auto", ["cuda:0", "cuda:2", "cpu"]), ("cuda", ["cuda:0", "cuda:2", "cpu"]), ("cpu", ["cpu"]), ("mps", ["cpu"])],
)
def test_devices_are_those_that_the_setting_allows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, device: Literal["auto", "cpu", "cuda", "mps"], names: list[str]
) -> None:
    having(monkeypatch, BIG, SMALL)
    found = Placement(tmp_path, device=device, threads=3, memory_limit=5 * GIB).devices()
    assert [one.name for one in found] == names
    assert (found[-1].capacity, found[-1].description) == (5 * GIB, "CPU, 3 threads")


def test_what_a_setting_asks_for_must_be_there(monkeypatch: pytest.MonkeyPatch) -> None:
    having(monkeypatch, BIG)
    assert [has_device(device) for device in ("auto", "cpu", "cuda", "mps")] == [True, True, True, False]


def test_wide_numbers_take_twice_the_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    placement, narrow = Placement(tmp_path), ENCODER.memory["torch"]
    monkeypatch.setattr(devices, "has_bfloat16_instructions", lambda: True)
    assert placement.memory(ENCODER, ON_CPU) == narrow
    monkeypatch.setattr(devices, "has_bfloat16_instructions", lambda: False)
    assert placement.memory(ENCODER, ON_CPU) == 2 * narrow
    assert placement.memory(CHAT, ON_CPU) == CHAT.memory["torch"]
    assert placement.memory(CHAT, Target("openvino", "cpu")) == CHAT.memory["openvino"]


def test_a_model_is_known_by_its_kind_and_must_be_here(tmp_path: Path) -> None:
    for wrong in ("no-such-model", ENCODER.id):
        with pytest.raises(ModelMissing) as unknown:
            Placement(tmp_path).check(wrong, "chat")
        assert unknown.value.key == "error-model-unknown"
    with pytest.raises(ModelMissing) as missing:
        Placement(tmp_path).check(CHAT.id, "chat")
    assert missing.value.key == "error-model-missing"


def test_choosing_imports_nothing_heavy() -> None:
    code = (
        "import sys; from pathlib import Path; from bot.inference.placement import Placement, has_device\n"
        "placement = Placement(Path('/nowhere')); has_device('auto')\n"
        "placement.devices(), [placement.target(model, {}) for model in placement.models()]\n"
        "print([name for name in ('torch', 'transformers', 'openvino', 'numpy') if name in sys.modules])"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(("quota", "threads"), [(1.0, 1), (1.5, 2), (0.5, 1), (None, 3)])
def test_affinity_and_quota_bound_the_threads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, quota: float | None, threads: int
) -> None:
    monkeypatch.setattr(cgroup, "cpu_quota", lambda: quota)
    monkeypatch.setattr("psutil.cpu_count", lambda **_: 64)
    monkeypatch.setattr("os.sched_getaffinity", lambda _: {0, 5, 9}, raising=False)
    assert Placement(tmp_path).compute_threads == threads


def test_the_setting_of_threads_wins(tmp_path: Path) -> None:
    assert Placement(tmp_path, threads=7).compute_threads == 7
