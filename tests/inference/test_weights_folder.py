"""Models of several files from the Hub."""

import hashlib
import json
from pathlib import Path

import pytest

from bot.errors import ModelMissing, WeightsError
from bot.inference import manifest, weights
from bot.inference.engines.convert import ensure_converted
from bot.inference.hub import Hub
from bot.inference.transfer import Stage
from bot.inference.weights import Channels
from tests.inference.folder_hub import COMMIT, FILES, Repository, folder_model, serving, sibling

MODEL = folder_model()


def channels(repository: Repository) -> Channels:
    return Channels(hub=Hub(5.0, url=repository.url))


def pull(repository: Repository, weights_dir: Path, revision: str = COMMIT, **sha256: str) -> Path:
    with serving(repository):
        return weights.pull(folder_model(revision, **sha256), weights_dir, channels(repository))


def refused(repository: Repository, weights_dir: Path, reason: str, revision: str = COMMIT, **sha256: str) -> None:
    with pytest.raises(WeightsError, match=reason):
        pull(repository, weights_dir, revision, **sha256)
    assert not weights.installed(MODEL, weights_dir)


def contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir() if file.name != manifest.MANIFEST}


def test_hub_gives_the_folder(tmp_path: Path) -> None:
    seen: list[tuple[Stage, int]] = []
    with serving(Repository()) as repository:
        folder = weights.pull(MODEL, tmp_path, channels(repository), lambda *now: seen.append(now))
        asked = len(repository.asked)
        assert weights.pull(MODEL, tmp_path, channels(repository)) == folder
    assert len(repository.asked) == asked == 1 + len(FILES)
    assert contents(folder) == FILES
    assert folder == weights.path(MODEL, tmp_path) == ensure_converted(MODEL, tmp_path)
    assert [path.name for path in folder.parent.iterdir()] == ["files"]
    assert seen[-1] == ("hub", MODEL.bytes)
    found = manifest.read(folder)
    assert found is not None
    assert (found.repo, found.commit) == ("group/Small-Model", COMMIT)
    assert {name: file.sha256 for name, file in found.files.items()} == {
        name: hashlib.sha256(data).hexdigest() for name, data in FILES.items()
    }


def test_only_what_makes_the_model_is_fetched(tmp_path: Path) -> None:
    more = {
        "pytorch_model.bin": b"pickle",
        "modeling_small.py": b"import os",
        "training_args.pkl": b"pickle",
        "README.md": b"words",
        "onnx/model.safetensors": b"other",
        "../outside.json": b"outside",
        "/etc/config.json": b"outside",
        "manifest.json": b"{}",
    }
    repository = Repository(files={**FILES, **more})
    assert contents(pull(repository, tmp_path)) == FILES
    assert [path.rpartition("/")[2] for path in repository.asked[1:]] == sorted(FILES)


def test_weights_in_several_files_come_with_their_index(tmp_path: Path) -> None:
    shards = {f"model-0000{n}-of-00002.safetensors": bytes([n]) * 1000 for n in (1, 2)}
    index = json.dumps({"weight_map": dict.fromkeys("ab", "model-00001-of-00002.safetensors")}).encode()
    files = {"config.json": b"{}", **shards, "model.safetensors.index.json": index}
    assert contents(pull(Repository(files=files), tmp_path)) == files


@pytest.mark.parametrize(
    "index",
    [
        b'{"weight_map": {"a": "../../secret.safetensors"}}',
        b'{"weight_map": {"a": "config.json"}}',
        b'{"weight_map": {"a": ["model-00001-of-00001.safetensors"]}}',
        b'{"weight_map": 7}',
        b"[]",
        b"{",
        b"[" * 100_000,
    ],
)
def test_index_that_names_other_files_is_refused(tmp_path: Path, index: bytes) -> None:
    files = {"config.json": b"{}", "model-00001-of-00001.safetensors": b"w", "model.safetensors.index.json": index}
    refused(Repository(files=files), tmp_path, "index.json (names|is of no use)")


def test_broken_line_goes_on_where_it_broke(tmp_path: Path) -> None:
    repository = Repository(breaks=[5, 23, 1000, 1_000_000])
    assert contents(pull(repository, tmp_path)) == FILES
    assert len(repository.asked) == 1 + len(FILES) + 3


def test_next_pull_goes_on_where_a_file_ended(tmp_path: Path) -> None:
    dead = Repository(breaks=[23, 1_000_000, *[0] * 10])
    refused(dead, tmp_path, "stopped answering")
    repository = Repository()
    assert contents(pull(repository, tmp_path)) == FILES
    assert repository.ranges == ["bytes=1000000-", "bytes=0-"]


def test_empty_file_is_a_file(tmp_path: Path) -> None:
    files = {**FILES, "merges.txt": b""}
    assert contents(pull(Repository(files=files), tmp_path)) == files


def test_interrupted_pull_keeps_the_files_that_are_right(tmp_path: Path) -> None:
    gone = Repository(files=dict(FILES), served={"tokenizer.json": b"other bytes of ..."})
    refused(gone, tmp_path, "error-weights-checksum")
    repository = Repository()
    assert contents(pull(repository, tmp_path)) == FILES
    assert [path.rpartition("/")[2] for path in repository.asked[1:]] == ["tokenizer.json"]


def test_branch_that_moved_leaves_nothing_of_the_older_commit(tmp_path: Path) -> None:
    refused(Repository(served={"tokenizer.json": b"x"}), tmp_path, "another size", "main")
    assert (tmp_path / "small" / f"{COMMIT}.part").is_dir()
    moved = Repository(files={**FILES, "config.json": b"{}"}, commit="d" * 40)
    folder = pull(moved, tmp_path, "main")
    assert contents(folder) == moved.files
    assert [path.name for path in folder.parent.iterdir()] == ["files"]
    found = manifest.read(folder)
    assert found is not None
    assert found.commit == "d" * 40


def test_branch_is_pinned_on_this_machine(tmp_path: Path) -> None:
    pull(Repository(), tmp_path, "refs/pr/4")
    later = Repository(commit="d" * 40)
    pull(later, tmp_path, "refs/pr/4")
    assert later.asked == []
    assert weights.installed(folder_model("refs/pr/4"), tmp_path)


def test_revision_is_one_part_of_the_address(tmp_path: Path) -> None:
    repository = Repository()
    pull(repository, tmp_path, "refs/pr/4")
    assert repository.asked[0] == "/api/models/group/Small-Model/revision/refs/pr/4"


def test_newly_pinned_commit_is_fetched(tmp_path: Path) -> None:
    pull(Repository(), tmp_path, "main")
    assert not weights.installed(folder_model("d" * 40), tmp_path)
    newer = Repository(files={**FILES, "config.json": b"{}"}, commit="d" * 40)
    assert contents(pull(newer, tmp_path, "d" * 40)) == newer.files


def test_hub_that_answers_with_another_commit_is_refused(tmp_path: Path) -> None:
    refused(Repository(commit="d" * 40), tmp_path, "another commit")


@pytest.mark.parametrize("name", sorted(FILES))
def test_other_bytes_than_those_described_are_refused(tmp_path: Path, name: str) -> None:
    wrong = bytes([FILES[name][0] ^ 1]) + FILES[name][1:]
    refused(Repository(served={name: wrong}), tmp_path, "error-weights-checksum")
    assert not list((tmp_path / "small").rglob(f"{name}*"))


def test_pinned_checksum_wins_over_the_hubs(tmp_path: Path) -> None:
    right = hashlib.sha256(FILES["model.safetensors"]).hexdigest()
    refused(Repository(), tmp_path, "other bytes for model.safetensors", model_safetensors="0" * 64)
    assert contents(pull(Repository(), tmp_path, model_safetensors=right)) == FILES


def test_pinned_checksum_of_a_small_file_is_checked(tmp_path: Path) -> None:
    refused(Repository(), tmp_path, "error-weights-checksum", config_json="0" * 64)


def test_pinned_file_must_be_there(tmp_path: Path) -> None:
    refused(Repository(), tmp_path, "has no merges.txt", merges_txt="0" * 64)


SHARDS = [sibling(f"model-{n:05d}-of-00100.safetensors", b"") for n in range(1, 101)]


@pytest.mark.parametrize(
    ("repository", "reason"),
    [
        (Repository(files={"config.json": b"{}", "pytorch_model.bin": b"x"}), "no config.json or no safetensors"),
        (Repository(files={"model.safetensors": b"x"}), "no config.json or no safetensors"),
        (
            Repository(files={"config.json": b"{}", "model-00001-of-00001.safetensors": b"x"}),
            "no model.safetensors.ind",
        ),
        (
            Repository(files={"config.json": b"{}"}, extra=[*SHARDS, sibling("model.safetensors.index.json", b"")]),
            "more than a model",
        ),
        (Repository(extra=[{**sibling("merges.txt", b""), "size": 1 << 27}]), "more than a model"),
        (Repository(extra=[{**sibling("merges.txt", b""), "size": -1}]), "of no use"),
        (Repository(extra=[{**sibling("merges.txt", b""), "size": "7"}]), "of no use"),
        (Repository(extra=[{"rfilename": "merges.txt"}]), "does not say what merges.txt is"),
        (Repository(extra=[{"rfilename": "merges.txt", "size": 3, "blobId": "../../x"}]), "of no use"),
        (Repository(extra=[{"rfilename": ["merges.txt"]}]), "of no use"),
        (Repository(description=b"[]"), "of no use"),
        (Repository(description=b"{"), "of no use"),
        (Repository(description=b"[" * 100_000), "of no use"),
        (Repository(description=b'{"sha": "../../x", "siblings": []}'), "of no use"),
        (Repository(description=b" " * (9 << 20)), "has no end"),
    ],
)
def test_repository_that_is_no_model_is_refused(tmp_path: Path, repository: Repository, reason: str) -> None:
    refused(repository, tmp_path, reason)
    assert all("/resolve/" not in path for path in repository.asked)
    assert not (tmp_path / "small" / "files").exists()


def test_far_more_bytes_than_the_catalog_says_are_refused(tmp_path: Path) -> None:
    large = sibling("model.safetensors", b"")
    large["lfs"]["size"] = 200 << 20
    refused(Repository(files={"config.json": b"{}"}, extra=[large]), tmp_path, "far more than the catalog says")


def test_small_disk_is_told_before_anything_is_fetched(tmp_path: Path) -> None:
    with serving(Repository()) as repository, pytest.raises(WeightsError) as caught:
        weights.pull(MODEL, tmp_path, Channels(hub=Hub(5.0, url=repository.url), free_bytes=lambda _: 1_000_000))
    assert caught.value.key == "error-weights-disk"
    assert caught.value.values["needed"] == sum(map(len, FILES.values()))
    assert len(repository.asked) == 1


def test_offline_says_how_to_bring_it(tmp_path: Path) -> None:
    with pytest.raises(WeightsError) as caught:
        weights.pull(MODEL, tmp_path, Channels())
    assert caught.value.key == "error-weights-folder"
    assert "group/Small-Model@" in str(caught.value.values["sources"])


def test_verify_reads_every_byte(tmp_path: Path) -> None:
    folder = pull(Repository(), tmp_path)
    seen: list[tuple[Stage, int]] = []
    weights.verify(MODEL, tmp_path, lambda *now: seen.append(now))
    assert seen[-1] == ("verifying", MODEL.bytes)
    (folder / "tokenizer.json").write_bytes(bytes(len(FILES["tokenizer.json"])))
    with pytest.raises(WeightsError, match=r"tokenizer\.json"):
        weights.verify(MODEL, tmp_path)


@pytest.mark.parametrize("damage", ["config.json", "model.safetensors", "manifest.json"])
def test_folder_that_lacks_a_file_is_not_installed(tmp_path: Path, damage: str) -> None:
    folder = pull(Repository(), tmp_path)
    (folder / damage).unlink()
    assert not weights.installed(MODEL, tmp_path)
    with pytest.raises(ModelMissing):
        weights.path(MODEL, tmp_path)
    assert contents(pull(Repository(), tmp_path)) == FILES


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"repo": 1}', "[" * 100_000])
def test_manifest_that_is_none_is_not_believed(tmp_path: Path, text: str) -> None:
    folder = pull(Repository(), tmp_path)
    (folder / manifest.MANIFEST).write_text(text)
    assert not weights.installed(MODEL, tmp_path)


def test_manifest_names_no_file_outside(tmp_path: Path) -> None:
    folder = pull(Repository(), tmp_path)
    found = manifest.read(folder)
    assert found is not None
    found.files["../../secret"] = found.files["config.json"]
    (folder / manifest.MANIFEST).write_text(found.model_dump_json())
    assert manifest.read(folder) is None


def test_remove_leaves_nothing(tmp_path: Path) -> None:
    pull(Repository(), tmp_path)
    assert weights.remove(MODEL, tmp_path) > sum(map(len, FILES.values()))
    assert not (tmp_path / "small").exists()


def bring(folder: Path) -> None:
    folder.mkdir(parents=True)
    for name, data in {**FILES, "pytorch_model.bin": b"pickle", "custom.py": b"import os"}.items():
        (folder / name).write_bytes(data)


@pytest.mark.parametrize("name", ["small", "Small-Model"])
def test_folder_that_was_brought_by_hand(tmp_path: Path, name: str) -> None:
    bring(tmp_path / "brought" / name)
    folder = weights.pull(MODEL, tmp_path / "models", Channels(from_dir=tmp_path / "brought"))
    assert contents(folder) == FILES
    found = manifest.read(folder)
    assert found is not None
    assert found.commit == ""
    weights.verify(MODEL, tmp_path / "models")


def test_folder_of_another_installation_is_checked_against_its_manifest(tmp_path: Path) -> None:
    theirs = pull(Repository(), tmp_path / "theirs")
    folder = weights.pull(MODEL, tmp_path / "ours", Channels(from_dir=tmp_path / "theirs"))
    assert contents(folder) == FILES
    assert manifest.read(folder) == manifest.read(theirs)
    (theirs / "config.json").write_bytes(bytes(len(FILES["config.json"])))
    with pytest.raises(WeightsError, match="error-weights-checksum"):
        weights.pull(MODEL, tmp_path / "others", Channels(from_dir=tmp_path / "theirs"))
    assert not weights.installed(MODEL, tmp_path / "others")


def test_folder_of_another_commit_is_refused(tmp_path: Path) -> None:
    pull(Repository(), tmp_path / "theirs", "main")
    with pytest.raises(WeightsError, match=f"Small-Model@{COMMIT}"):
        weights.pull(folder_model("d" * 40), tmp_path / "ours", Channels(from_dir=tmp_path / "theirs"))


def test_pinned_checksum_holds_for_what_was_brought(tmp_path: Path) -> None:
    bring(tmp_path / "brought" / "small")
    pinned = folder_model(model_safetensors="0" * 64)
    with pytest.raises(WeightsError, match="error-weights-checksum"):
        weights.pull(pinned, tmp_path / "models", Channels(from_dir=tmp_path / "brought"))


def test_folder_with_nothing_of_the_model(tmp_path: Path) -> None:
    bring(tmp_path / "brought" / "other")
    with pytest.raises(WeightsError, match="no folder small or Small-Model"):
        weights.pull(MODEL, tmp_path / "models", Channels(from_dir=tmp_path / "brought"))
