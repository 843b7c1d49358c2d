"""A model that is a folder of files from one Hub repository: complete and verified, or absent."""

import hashlib
import json
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

from bot.inference import listing, manifest
from bot.inference.catalog import HubFile, HubFolder, Model
from bot.inference.hub import Hub
from bot.inference.listing import Listed, Listing
from bot.inference.transfer import CHUNK, Progress, Stage, Unavailable, require_space, sha256, sync, wrong

_FOLDER = "files"
_PART = ".part"

Tell = Callable[[int], None]  # called with how many bytes there are


def folder(model: Model, weights_dir: Path) -> Path:
    """Return where the model's files are if they are here."""
    return weights_dir / model.id / _FOLDER


def installed(model: Model, weights_dir: Path) -> bool:
    """Tell whether the folder is whole, and of the commit that the catalog pins; a look at the files' sizes."""
    place = folder(model, weights_dir)
    found = manifest.read(place)
    if found is None or not found.is_of(source(model)):
        return False
    try:
        return all((place / name).stat().st_size == file.size for name, file in found.files.items())
    except OSError:
        return False


def source(model: Model) -> HubFolder:
    """Return the repository that the model is from."""
    if not isinstance(model.hub, HubFolder):
        raise TypeError(f"{model.id} is not a folder from the Hub")
    return model.hub


def verify(model: Model, weights_dir: Path, progress: Progress) -> None:
    """Read every file through; raises WeightsError unless it is what was installed."""
    place = folder(model, weights_dir)
    found = manifest.read(place)
    files = found.files if found else {}
    tell = _scaled(model, sum(file.size for file in files.values()), "verifying", progress)
    done = 0
    for name, file in files.items():
        if sha256(place / name, partial(_add, tell, done)) != file.sha256:
            raise wrong(model, place / name)
        done += file.size


def from_hub(model: Model, home: Path, hub: Hub, free: int, progress: Progress) -> None:
    """Fetch what is not in `home` yet of the model's files, and put the folder in place when all of them are right.

    `free` are the bytes that the disk can take. Raises Unavailable, keeping what has come, and WeightsError when the
    disk is too small or a file's bytes are wrong.
    """
    where = source(model)
    files = listing.parse(hub.describe(where.repo, where.revision), model, where)
    building = home / f"{files.commit}{_PART}"
    for older in home.glob(f"*{_PART}"):
        if older != building:
            shutil.rmtree(older)
    building.mkdir(exist_ok=True)
    require_space(model, home, files.size - _bytes_in(building), free)

    def fetch(file: Listed, part: Path, tell: Tell) -> None:
        part.touch()
        hub.fetch(HubFile(where.repo, files.commit, file.name), part, file.size, tell)

    _fill(model, building, files, fetch, _scaled(model, files.size, "hub", progress))
    _place(model, building, files)


def from_folder(model: Model, home: Path, brought: Path, free: int, progress: Progress) -> None:
    """Copy the model's files out of the folder in `brought` that has its id or its repository's name.

    Another installation's folder has a manifest, and the files must be what that says; of files without one only the
    checksums that the catalog pins are known. Raises as `from_hub` does.
    """
    place = _lying_in(brought, model)
    files = _listing_of(place, model)
    building = home / f"folder{_PART}"
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir()
    require_space(model, home, files.size, free)

    def copy(file: Listed, part: Path, tell: Tell) -> None:
        with (place / file.name).open("rb") as come, part.open("wb") as out:
            while block := come.read(CHUNK):
                out.write(block)
                tell(out.tell())

    _fill(model, building, files, copy, _scaled(model, files.size, "folder", progress))
    _place(model, building, files)


def _scaled(model: Model, total: int, stage: Stage, progress: Progress) -> Tell:
    # Whoever shows progress knows the catalog's size of the model, which is not to the byte.
    return lambda done: progress(stage, done * model.bytes // max(1, total))


def _add(tell: Tell, before: int, done: int) -> None:
    tell(before + done)


def _bytes_in(place: Path) -> int:
    return sum(file.stat().st_size for file in place.iterdir())


def _fill(model: Model, building: Path, files: Listing, get: Callable[[Listed, Path, Tell], None], tell: Tell) -> None:
    """Let `get` bring each file that is not there yet; only right bytes get the final name."""
    done = 0
    for file in files.files:
        target = building / file.name
        if not target.exists():
            part = building / f"{file.name}{_PART}"
            get(file, part, partial(_add, tell, done))
            _require_right(model, file, part)
            sync(part)
            part.replace(target)
        done += file.size


def _require_right(model: Model, file: Listed, part: Path) -> None:
    right = part.stat().st_size == file.size
    if file.sha256:
        right = right and sha256(part, _nowhere) == file.sha256
    if file.blob:
        right = right and _blob(part) == file.blob
    if not right:
        part.unlink()
        raise wrong(model, part)


def _nowhere(done: int) -> None:
    """Show nothing."""


def _blob(file: Path) -> str:
    """Return the id that git gives to a file's bytes; the Hub states nothing else of small files."""
    data = file.read_bytes()
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def _place(model: Model, building: Path, files: Listing) -> None:
    """Write the manifest of a folder that has all its files, and give it its name."""
    _require_index(building, files)
    sums = {file.name: (file.size, file.sha256 or sha256(building / file.name, _nowhere)) for file in files.files}
    made = {name: manifest.File(size=size, sha256=digest) for name, (size, digest) in sums.items()}
    text = manifest.Manifest(repo=source(model).repo, commit=files.commit, files=made).model_dump_json(indent=1)
    (building / manifest.MANIFEST).write_text(text, encoding="utf-8")
    sync(building / manifest.MANIFEST)
    place = building.with_name(_FOLDER)
    shutil.rmtree(place, ignore_errors=True)
    building.rename(place)


def _require_index(building: Path, files: Listing) -> None:
    """Raise Unavailable when weights in several files name one that is not there: a reader would follow any path."""
    index = building / listing.INDEX
    if not index.exists():
        return
    try:
        named = set(json.loads(index.read_bytes())["weight_map"].values())
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Unavailable(f"{listing.INDEX} is of no use") from error
    if not named <= {file.name for file in files.files if listing.is_weights(file.name)}:
        raise Unavailable(f"{listing.INDEX} names files that are not there")


def _lying_in(brought: Path, model: Model) -> Path:
    names = (f"{model.id}/{_FOLDER}", model.id, source(model).repo.rpartition("/")[2])
    for name in names:
        if (brought / name / listing.CONFIG).is_file():
            return brought / name
    raise Unavailable(f"{brought} has no folder {names[1]} or {names[2]} with the model's files")


def _listing_of(place: Path, model: Model) -> Listing:
    where, found = source(model), manifest.read(place)
    if found is not None and not found.is_of(where):
        raise Unavailable(f"{place} is of {found.repo}@{found.commit}")
    known = {name: file.sha256 for name, file in found.files.items()} if found else {}
    names = listing.wanted(file.name for file in place.iterdir() if file.is_file())
    pinned = {**known, **where.sha256}
    files = tuple(Listed(name, (place / name).stat().st_size, pinned.get(name, "")) for name in names)
    brought = Listing(found.commit if found else "", files)
    listing.require_sane(brought, model, where)
    return brought
