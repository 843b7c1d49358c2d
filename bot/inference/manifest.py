"""What lies in a folder of weights: written when all of it was verified, read whenever it is looked for."""

from pathlib import Path

from pydantic import BaseModel, Field, ValidationError

from bot.inference import listing
from bot.inference.catalog import HubFolder

MANIFEST = "manifest.json"
_LIMIT = 1 << 20  # bytes


class File(BaseModel):
    """What a file of the folder must be."""

    size: int = Field(ge=0, strict=True)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class Manifest(BaseModel):
    """What lies in the folder and where it is from; `commit` is empty if it was brought by hand without saying."""

    repo: str
    commit: str = Field(pattern=r"^([0-9a-f]{40})?$")
    files: dict[str, File] = Field(max_length=1000)

    def is_of(self, source: HubFolder) -> bool:
        """Tell whether the files are of that repository, and of its commit if one is pinned."""
        pinned = listing.COMMIT.fullmatch(source.revision)
        return self.repo == source.repo and (not pinned or self.commit in ("", source.revision))


def read(place: Path) -> Manifest | None:
    """Return what the manifest in a folder says, or None if there is none or it is not one of ours."""
    try:
        with (place / MANIFEST).open("rb") as file:
            found = Manifest.model_validate_json(file.read(_LIMIT))
    except (OSError, ValidationError):
        return None
    return found if listing.wanted(found.files) == sorted(found.files) else None
