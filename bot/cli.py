"""The command line: python -m bot."""

import asyncio
import gc
import sys
from collections.abc import Coroutine, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from bot.errors import StartError
from bot.eval_cli import evaluate
from bot.models_cli import app as models_app
from bot.task_cli import task
from bot.terminal import fail, settings

app = typer.Typer(no_args_is_help=False, add_completion=False, pretty_exceptions_show_locals=False)
app.add_typer(models_app, name="models", help="Fetch, verify and remove models.")
app.command("eval")(evaluate)
app.command("task")(task)
db_app = typer.Typer(help="Look after the database.")
app.add_typer(db_app, name="db")


@app.callback(invoke_without_command=True)
def _default(ctx: typer.Context) -> None:
    """Tertulia, a study group's bot. Without a command it runs, like `run`."""
    if ctx.invoked_subcommand is None:
        run()


@app.command()
def run() -> None:
    """Run the bot: in Telegram if there is a token, else in the playground."""
    chosen = settings()
    with _importing():
        from bot import app as program

    token = chosen.telegram_bot_token
    _go(program.telegram(chosen, token.get_secret_value()) if token else program.playground(chosen))


@app.command()
def playground(
    *,
    serve_only: Annotated[bool, typer.Option(help="Only the server, for any bot.")] = False,
    host: Annotated[str, typer.Option(help="Address to listen on; any but this machine's own needs a password.")] = "",
    state: Annotated[Path | None, typer.Option(dir_okay=False, help="File that keeps the world across runs.")] = None,
    flood_limits: Annotated[bool, typer.Option(help="Limit how fast the bot sends, as Telegram does.")] = True,
) -> None:
    """Run the playground: a local Bot API server with a chat page, and the bot in it."""
    chosen = settings()
    with _importing():
        from bot import app as program

    if host:
        chosen = chosen.model_copy(update={"playground_host": host})
    stage = program.Stage(state and state.absolute(), flood_limits)
    _go(program.serve_playground(chosen, stage) if serve_only else program.playground(chosen, stage))


@db_app.command()
def upgrade() -> None:
    """Bring the database to the newest revision; `run` does so too."""
    from bot.storage.database import migrate

    _go(migrate(settings().database))


@contextmanager
def _importing() -> Generator[None]:
    # What imports make stays. Looking through it for garbage, meanwhile and ever after, would take a sixth of the
    # start and hold up the event loop later.
    gc.disable()
    yield
    gc.freeze()
    gc.enable()


def _go(work: Coroutine[None, None, None]) -> None:
    from telegram.error import InvalidToken, TelegramError  # with the bot: the other commands need no telegram

    try:
        asyncio.run(work)
    except InvalidToken:
        fail("TELEGRAM_BOT_TOKEN: Telegram does not know this token. Copy it again from @BotFather.")
    except StartError as error:
        fail(str(error))
    except TelegramError as error:
        fail(f"Telegram refuses: {error}. Check TELEGRAM_BOT_TOKEN and the TERTULIA_WEBHOOK_ settings.")
    except KeyboardInterrupt:
        sys.exit(130)


def main() -> None:
    """Enter the command line."""
    app()
