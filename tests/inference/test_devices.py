"""What the machine has, read from written files and from a driver that tests write."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.inference import cgroup, devices
from bot.inference.catalog import Kind
from bot.inference.devices import Device, Gpu

MIB = 1 << 20
TWO = """0, GPU-aaaa-1, NVIDIA H200, 143771, 143000, 9.0
1, GPU-bbbb-2, Tesla T4, 15360, 15000, 7.5
"""
H200 = Gpu(0, "GPU-aaaa-1", "NVIDIA H200", 143771 * MIB, 143000 * MIB, 9.0)
T4 = Gpu(1, "GPU-bbbb-2", "Tesla T4", 15360 * MIB, 15000 * MIB, 7.5)


@pytest.fixture
def driver(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Put an nvidia-smi of the test's own on PATH, beside a PyTorch that is built for CUDA."""

    def write(script: str) -> None:
        program = tmp_path / "nvidia-smi"
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)

    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    monkeypatch.setattr(devices, "torch_built_for_cuda", lambda: True)
    devices.gpus.cache_clear()
    yield write
    devices.gpus.cache_clear()


def say(text: str) -> str:
    return f"cat <<'END'\n{text}END"


def test_gpus_are_what_the_driver_says(driver: Callable[[str], None]) -> None:
    driver(f'case "$*" in *--query-gpu=index,uuid,name,memory.total,memory.free,compute_cap*) {say(TWO)}\n;; esac')
    assert devices.gpus() == (H200, T4)


@pytest.mark.parametrize(
    "script",
    [
        "exit 9",
        say("No devices were found\n"),
        say("0, GPU-a, NVIDIA H200, [N/A], [N/A], 9.0\n"),
        say("0, GPU-a, NVIDIA H200, 1000, 2000, 9.0\n-1, GPU-a, X, 10, 10, 8.0\n0, GPU-a, X, 0, 0, 8.0\n"),
        say("0, GPU-a\n,,,,,\n\n"),
        "head -c 100000 /dev/urandom",
        "exec sleep 600",
    ],
)
def test_a_driver_that_fails_or_talks_nonsense_is_no_gpu(
    driver: Callable[[str], None], monkeypatch: pytest.MonkeyPatch, script: str
) -> None:
    monkeypatch.setattr(devices, "_QUERY_SECONDS", 0.5)
    driver(script)
    assert devices.gpus() == ()


def test_without_a_driver_there_is_no_gpu(driver: Callable[[str], None], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert devices.gpus() == ()


def test_a_gpu_that_pytorch_is_not_built_for_is_none(
    driver: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    driver(say(TWO))
    monkeypatch.setattr(devices, "torch_built_for_cuda", lambda: False)
    assert devices.gpus() == ()


@pytest.mark.parametrize(
    ("allowed", "seen"),
    [
        ("0,1", (H200, T4)),
        ("1", (T4,)),
        ("GPU-aaaa", (H200,)),
        ("GPU-aaaa-1, 1", (H200, T4)),
        ("", ()),
        ("-1", ()),
        ("NoDevFiles", ()),
        ("7", ()),
    ],
)
def test_cuda_visible_devices_divides_gpus_among_programs(
    driver: Callable[[str], None], monkeypatch: pytest.MonkeyPatch, allowed: str, seen: tuple[Gpu, ...]
) -> None:
    driver(say(TWO))
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", allowed)
    assert devices.gpus() == seen


def test_a_comma_in_a_gpus_name_is_part_of_it() -> None:
    assert [gpu.model for gpu in devices.parse_gpus("0, GPU-a, Acme X, Y, 10, 10, 8.6")] == ["Acme X, Y"]


def test_gpus_compute_in_bfloat16_where_they_have_it() -> None:
    assert H200.device() == Device("cuda:0", int(143000 * MIB * 0.9), "bfloat16", "NVIDIA H200, 140 GiB, bfloat16")
    assert T4.device().dtype == "float16"


@pytest.mark.parametrize(
    ("line", "built"),
    [("cuda: Optional[str] = None", False), ("cuda: Optional[str] = '12.8'", True), ("cuda = '13.0'", True)],
)
def test_how_pytorch_was_built_is_read_from_its_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, *, built: bool
) -> None:
    package = tmp_path / "torch"
    package.mkdir()
    (package / "__init__.py").write_text("raise AssertionError('imported')")
    (package / "version.py").write_text(f"__version__ = '2.13.0'\n{line}\nhip: Optional[str] = None\n")
    monkeypatch.setattr(
        "importlib.util.find_spec", lambda _: type("Spec", (), {"origin": str(package / "__init__.py")})
    )
    assert devices.torch_built_for_cuda() is built


@pytest.mark.parametrize(
    ("info", "fast"),
    [
        ("processor\t: 0\nflags\t\t: fpu avx512f avx512_bf16 amx_tile\n", True),
        ("flags\t\t: fpu amx_bf16\n", True),
        ("flags\t\t: fpu avx2 avx512f\n", False),
        ("model name\t: avx512_bf16\n", False),
        ("", False),
    ],
)
def test_bfloat16_instructions_are_read_from_the_processors_flags(tmp_path: Path, info: str, *, fast: bool) -> None:
    file = tmp_path / "cpuinfo"
    file.write_text(info)
    assert devices.has_bfloat16_instructions(file) is fast
    assert not devices.has_bfloat16_instructions(tmp_path / "missing")


def test_number_formats_follow_hardware_and_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    cpu, old, new = devices.cpu(0, 2), T4.device(), H200.device()
    monkeypatch.setattr(devices, "has_bfloat16_instructions", lambda: False)
    kinds: tuple[Kind, ...] = ("chat", "encoder", "seq2seq")
    assert [devices.dtype(cpu, kind) for kind in kinds] == ["bfloat16", "float32", "float32"]
    assert [devices.dtype(old, kind) for kind in kinds] == ["float16", "float16", "float32"]
    assert [devices.dtype(new, kind) for kind in kinds] == ["bfloat16"] * 3
    monkeypatch.setattr(devices, "has_bfloat16_instructions", lambda: True)
    assert devices.dtype(cpu, "encoder") == "bfloat16"


def test_the_memory_setting_wins() -> None:
    assert devices.cpu(5_000_000_000, 2).capacity == 5_000_000_000


@pytest.mark.parametrize(("limit", "share"), [(None, 8000), (4000, 4000), (9000, 8000)])
def test_most_of_what_machine_and_group_allow_is_for_models(
    monkeypatch: pytest.MonkeyPatch, limit: int | None, share: int
) -> None:
    monkeypatch.setattr("psutil.virtual_memory", lambda: type("Memory", (), {"total": 8000}))
    monkeypatch.setattr(cgroup, "memory_limit", lambda: limit)
    assert devices.cpu(0, 1).capacity == int(share * 0.75)


def write(root: Path, files: dict[str, str]) -> Path:
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content)
    return root


@pytest.mark.parametrize(
    ("files", "limit"),
    [
        ({}, None),
        ({"sys/fs/cgroup/memory.max": "2048\n"}, 2048),
        ({"sys/fs/cgroup/memory.max": "max\n"}, None),
        ({"sys/fs/cgroup/memory.max": "nonsense"}, None),
        # A service under systemd: its own limit, and the one of the slice above.
        (
            {
                "proc/self/cgroup": "0::/system.slice/tertulia.service\n",
                "sys/fs/cgroup/system.slice/tertulia.service/memory.max": "max\n",
                "sys/fs/cgroup/system.slice/memory.max": "4096\n",
            },
            4096,
        ),
        # Version 1, in a container: the path of the host is not there, the root is the container's own.
        (
            {
                "proc/self/cgroup": "4:memory:/docker/abc\n0::/\n",
                "sys/fs/cgroup/memory/memory.limit_in_bytes": "8192\n",
            },
            8192,
        ),
        (
            {
                "proc/self/cgroup": "4:memory:/a\n",
                "sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
                "sys/fs/cgroup/memory/a/memory.limit_in_bytes": "512\n",
            },
            512,
        ),
        ({"proc/self/cgroup": "odd\n0::/../../x\n", "sys/fs/cgroup/memory.max": "64"}, 64),
    ],
)
def test_memory_limits_of_control_groups(tmp_path: Path, files: dict[str, str], limit: int | None) -> None:
    assert cgroup.memory_limit(write(tmp_path, files)) == limit


@pytest.mark.parametrize(
    ("files", "quota"),
    [
        ({}, None),
        ({"sys/fs/cgroup/cpu.max": "150000 100000\n"}, 1.5),
        ({"sys/fs/cgroup/cpu.max": "max 100000\n"}, None),
        ({"sys/fs/cgroup/cpu.max": "1 0"}, None),
        ({"sys/fs/cgroup/cpu.max": ""}, None),
        ({"sys/fs/cgroup/cpu/cpu.cfs_quota_us": "50000\n", "sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n"}, 0.5),
        ({"sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1\n", "sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n"}, None),
        ({"sys/fs/cgroup/cpu/cpu.cfs_quota_us": "50000\n"}, None),
        (
            {
                "proc/self/cgroup": "0::/a/b\n",
                "sys/fs/cgroup/a/cpu.max": "400000 100000",
                "sys/fs/cgroup/a/b/cpu.max": "50000 100000",
            },
            0.5,
        ),
    ],
)
def test_processor_quotas_of_control_groups(tmp_path: Path, files: dict[str, str], quota: float | None) -> None:
    assert cgroup.cpu_quota(write(tmp_path, files)) == quota
