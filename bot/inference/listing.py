"""Which files of a Hub repository make a model: chosen by name, bounded in number and size, never code."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from pydantic import BaseModel, Field, ValidationError

from bot.inference.catalog import HubFolder, Model
from bot.inference.transfer import Unavailable

CONFIG = "config.json"
INDEX = "model.safetensors.index.json"
_WHOLE = "model.safetensors"
_SHARD = re.compile(r"model-\d{5}-of-\d{5}\.safetensors")
# All that transformers reads beside the weights. Pickles and Python are never fetched, so nothing a repository holds
# can run here; and these names have no path, so nothing lands outside the model's folder.
_BESIDE = frozenset(
    {
        CONFIG,
        "generation_config.json",
        "tokenizer.json",
        "tokenizer_config.json",
        "special_tokens_map.json",
        "added_tokens.json",
        "chat_template.jinja",
        "chat_template.json",
        "vocab.json",
        "vocab.txt",
        "merges.txt",
        "bpe.codes",
        "tokenizer.model",
        "spiece.model",
        "spm.model",
        "sentencepiece.bpe.model",
        "source.spm",
        "target.spm",
    }
)
_MOST_FILES = 64
_MOST_BESIDE = 64 << 20  # bytes of one file that is no weights; the largest vocabularies have about 35 MB
_SPARE = 128 << 20  # bytes that all files together may have beyond twice what the catalog says of the model

COMMIT = re.compile(r"[0-9a-f]{40}")


@dataclass(frozen=True, slots=True)
class Listed:
    """A file to have: `sha256` where it is known beforehand, else its git blob id."""

    name: str
    size: int
    sha256: str = ""
    blob: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """The files of a model at one commit; `commit` is empty where a folder does not say it."""

    commit: str
    files: tuple[Listed, ...]

    @property
    def size(self) -> int:
        """The bytes of all files together."""
        return sum(file.size for file in self.files)


class _Lfs(BaseModel):
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    size: int = Field(ge=0, strict=True)


class _Sibling(BaseModel):
    name: str = Field(alias="rfilename")
    size: int | None = Field(default=None, ge=0, strict=True)
    blob: str | None = Field(default=None, alias="blobId", pattern=r"^[0-9a-f]{40}$")
    lfs: _Lfs | None = None


class _Description(BaseModel):
    sha: str = Field(pattern=r"^[0-9a-f]{40}$")
    siblings: list[_Sibling] = Field(max_length=20_000)


def parse(body: bytes, model: Model, source: HubFolder) -> Listing:
    """Return which files to fetch, from the Hub's JSON about a repository; raises Unavailable if they are of no use.

    Every file has a checksum: the one that the catalog pins, else the one that the Hub states.
    """
    try:
        described = _Description.model_validate_json(body)
    except ValidationError as error:
        raise Unavailable("the Hub's description of the repository is of no use") from error
    if COMMIT.fullmatch(source.revision) and described.sha != source.revision:
        raise Unavailable("the Hub answered with another commit")
    by_name = {sibling.name: sibling for sibling in described.siblings}
    files = [_listed(by_name[name], source) for name in wanted(by_name)]
    listing = Listing(described.sha, tuple(files))
    require_sane(listing, model, source)
    return listing


def wanted(names: Iterable[str]) -> list[str]:
    """Return those of a repository's files that make the model; weights in one file win over weights in several."""
    names = set(names)
    shards = [name for name in names if _SHARD.fullmatch(name)]
    weights = [_WHOLE] if _WHOLE in names else [*shards, *({INDEX} & names)]
    return sorted([*(_BESIDE & names), *weights])


def is_weights(name: str) -> bool:
    """Tell whether a file holds weights."""
    return name.endswith(".safetensors")


def require_sane(listing: Listing, model: Model, source: HubFolder) -> None:
    """Raise Unavailable unless the files make a model, of about the size that the catalog says."""
    names = {file.name for file in listing.files}
    if CONFIG not in names or not any(map(is_weights, names)):
        raise Unavailable(f"{source} has no {CONFIG} or no safetensors")
    if _WHOLE not in names and INDEX not in names:
        raise Unavailable(f"{source} has no {INDEX}")
    if absent := source.sha256.keys() - names:
        raise Unavailable(f"{source} has no {', '.join(sorted(absent))}")
    beside = [file for file in listing.files if not is_weights(file.name)]
    if len(names) > _MOST_FILES or any(file.size > _MOST_BESIDE for file in beside):
        raise Unavailable(f"{source} has more than a model of this kind")
    if listing.size > 2 * model.bytes + _SPARE:
        raise Unavailable(f"{source} has {listing.size} bytes, far more than the catalog says")


def _listed(sibling: _Sibling, source: HubFolder) -> Listed:
    pinned = source.sha256.get(sibling.name, "")
    if sibling.lfs is not None:
        if pinned and pinned != sibling.lfs.sha256:
            raise Unavailable(f"the Hub has other bytes for {sibling.name} than the catalog")
        return Listed(sibling.name, sibling.lfs.size, sibling.lfs.sha256)
    if sibling.size is None or (sibling.blob is None and not pinned):
        raise Unavailable(f"the Hub does not say what {sibling.name} is")
    return Listed(sibling.name, sibling.size, pinned, sibling.blob or "")
