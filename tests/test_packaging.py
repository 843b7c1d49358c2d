"""What is installed is pinned."""

import re
import tomllib
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]


def pinned() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return {canonicalize_name(name): version for name, version in (line.split("==") for line in lines)}


def wanted() -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    lines = [*project["dependencies"], *extras["dev"]]
    own = [found for found in map(Requirement, lines) if found.name == project["name"]]
    lines += [line for found in own for extra in found.extras for line in extras[extra]]
    return [found for found in map(Requirement, lines) if found.name != project["name"]]


def installed_for(requirement: Requirement, seen: set[str]) -> None:
    """Add to `seen` what a requirement brings along."""
    name = canonicalize_name(requirement.name)
    applies = requirement.marker is None or any(
        requirement.marker.evaluate({"extra": extra}) for extra in (*requirement.extras, "")
    )
    if not applies or name in seen:
        return
    seen.add(name)
    for line in metadata.requires(name) or []:
        below = Requirement(line)
        extras = requirement.extras or {""}
        if below.marker is None or any(below.marker.evaluate({"extra": extra}) for extra in extras):
            installed_for(Requirement(line.partition(";")[0]), seen)


def test_everything_that_gets_installed_is_pinned() -> None:
    seen: set[str] = set()
    for requirement in wanted():
        installed_for(requirement, seen)
    assert len(seen) > 60
    assert seen - pinned().keys() == set()


def test_pins_are_what_runs_here() -> None:
    different = {
        name: (version, found)
        for name, version in pinned().items()
        for found in [found_version(name)]
        if found and re.sub(r"\+.*", "", found) != version
    }
    assert different == {}


def found_version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:  # another platform's
        return ""
