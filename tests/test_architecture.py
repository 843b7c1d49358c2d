"""Who may call whom (docs/architecture.md), told by the two files that break it."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parents[1]

# Rooms, by module prefix; the longest prefix decides. A room's modules may import each other.
ROOMS = {
    "bot.__main__": "cli",
    "bot.cli": "cli",
    "bot.eval_cli": "cli",
    "bot.models_check": "cli",
    "bot.models_cli": "cli",
    "bot.models_progress": "cli",
    "bot.terminal": "cli",
    "bot.app": "app",
    "bot.menus": "menus",
    "bot.webhook": "webhook",
    "bot.inbox": "inbox",
    "bot.guard": "guard",
    "bot.routing": "routing",
    "bot.context": "context",
    "bot.answering": "answering",
    "bot.jobs": "context",
    "bot.live": "delivery",
    "bot.connections": "delivery",
    "bot.delivery": "delivery",
    "bot.markdown": "markdown",
    "bot.meeting": "answering",
    "bot.drafting": "answering",
    "bot.planning": "answering",
    "bot.texts": "texts",
    "bot.logs": "logs",
    "bot.asgi": "asgi",
    "bot.storage": "storage",
    "bot.tasks": "tasks",
    "bot.playground": "playground",
    "bot.inference": "inference",
    "bot.inference.api": "inference.api",
    "bot.inference.structured": "inference.api",
    "bot.library": "library",
    "bot.drawing": "drawing",
    "bot.evaluation": "evaluation",
    "bot.task_cli": "cli",
    "bot.task_forms": "cli",
    "bot.working": "answering",
    "bot.attending": "answering",
    "bot.services": "context",
    "bot.housekeeping": "app",
    "bot.taking": "answering",
    "bot.citing": "answering",
    "bot.grounding": "answering",
    "bot.consulting": "answering",
    "bot.privately": "answering",
    "bot.inference.engines": "engines",
    "bot.config": "config",
    "bot.errors": "errors",
    "bot.letters": "letters",
    "bot": "bot",
    "handlers": "handlers",
}
LEAVES = {"bot", "config", "errors", "inference.api", "letters"}
MAY_IMPORT = {
    "cli": {"app", "texts", "logs", "inference", "storage", "tasks", "evaluation"},
    "evaluation": {"tasks", "library", "inference", "texts"},
    "library": {"storage", "tasks", "texts"},
    "drawing": set[str](),
    "app": {
        "answering",
        "library",
        "menus",
        "webhook",
        "inbox",
        "guard",
        "routing",
        "context",
        "delivery",
        "storage",
        "inference",
        "playground",
    }
    | {"handlers"},
    "menus": {"context", "delivery", "routing", "texts"},
    "webhook": {"asgi", "context", "delivery", "inbox", "storage"},
    "inbox": {"guard", "delivery", "storage"},
    "answering": {"context", "delivery", "guard", "tasks", "library", "markdown", "storage", "texts"},
    "handlers": {
        "answering",
        "routing",
        "context",
        "tasks",
        "library",
        "drawing",
        "markdown",
        "storage",
        "texts",
    },
    "routing": {"context"},
    "context": {"guard", "delivery", "library", "markdown", "storage", "tasks", "texts", "routing"},
    "texts": set[str](),
    "storage": set[str](),
    "delivery": {"markdown"},
    "markdown": set[str](),
    "tasks": {"texts"},
    "guard": set[str](),
    "logs": set[str](),
    "asgi": set[str](),
    "playground": {"asgi"},
    "inference": {"engines"},
    "engines": {"inference"},
}
KNOW_TELEGRAM = {
    "answering",
    "cli",
    "app",
    "menus",
    "webhook",
    "inbox",
    "routing",
    "context",
    "delivery",
    "markdown",
    "playground",
    "handlers",
}
KNOW_SQL = {"app", "inbox", "webhook", "context", "storage", "library"}
HEAVY = {"torch", "transformers", "openvino", "openvino_genai", "openvino_tokenizers", "matplotlib", "accelerate"}


def room(module: str) -> str:
    prefix = max((name for name in ROOMS if module == name or module.startswith(f"{name}.")), key=len)
    return ROOMS[prefix]


def files() -> list[Path]:
    return [file for folder in ("bot", "handlers") for file in sorted((ROOT / folder).rglob("*.py"))]


def imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("bot", "handlers", include_external_packages=True, cache_dir=None)


def ours(graph: grimp.ImportGraph) -> list[tuple[str, str]]:
    return [
        (importer, imported)
        for importer in sorted(graph.modules)
        if importer.split(".")[0] in ("bot", "handlers")
        for imported in sorted(graph.find_modules_directly_imported_by(importer))
    ]


def test_rooms_call_only_whom_they_may(graph: grimp.ImportGraph) -> None:
    wrong = [
        f"{importer} imports {imported}"
        for importer, imported in ours(graph)
        if imported.split(".")[0] in ("bot", "handlers")
        and room(imported) not in {room(importer), *LEAVES, *MAY_IMPORT.get(room(importer), ())}
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("inner", "forbidden"),
    [("rules", ("methods", "people")), ("text", ("methods", "people", "rules")), ("methods", ("people",))],
)
def test_rooms_inside_the_playground(graph: grimp.ImportGraph, inner: str, forbidden: tuple[str, ...]) -> None:
    wrong = [
        f"{importer} imports {imported}"
        for importer, imported in ours(graph)
        if importer.startswith(f"bot.playground.{inner}.")
        and imported.startswith(tuple(f"bot.playground.{room}." for room in forbidden))
    ]
    assert wrong == []


def test_no_handler_imports_another(graph: grimp.ImportGraph) -> None:
    assert [pair for pair in ours(graph) if all(name.startswith("handlers.") for name in pair)] == []


@pytest.mark.parametrize(
    ("library", "rooms"), [("telegram", KNOW_TELEGRAM), ("sqlalchemy", KNOW_SQL), ("apscheduler", {"app"})]
)
def test_libraries_stay_in_their_rooms(graph: grimp.ImportGraph, library: str, rooms: set[str]) -> None:
    wrong = [
        f"{importer} imports {library}"
        for importer, imported in ours(graph)
        if imported == library and room(importer) not in rooms
    ]
    assert wrong == []


def test_only_engines_import_inference_libraries(graph: grimp.ImportGraph) -> None:
    wrong = [
        f"{importer} imports {imported}"
        for importer, imported in ours(graph)
        if imported in HEAVY and room(importer) != ("drawing" if imported == "matplotlib" else "engines")
    ]
    assert wrong == []


def test_only_config_reads_the_environment() -> None:
    readers = [
        str(file.relative_to(ROOT))
        for file in files()
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv")
    ]
    assert set(readers) <= {"bot/config.py"}


def test_models_are_never_pickled_or_trusted() -> None:
    for file in files():
        tree = ast.parse(file.read_text(encoding="utf-8"))
        assert "pickle" not in set(imports(tree)), file
        for node in ast.walk(tree):
            if isinstance(node, ast.keyword) and node.arg == "trust_remote_code":
                assert isinstance(node.value, ast.Constant), file
                assert node.value.value is False, file


def test_nothing_heavy_is_imported_at_start() -> None:
    heavy = sorted({*HEAVY, "numpy", "alembic"})
    code = f"import sys, bot.app, bot.cli; bot.app.discover(); print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"


def test_the_command_line_knows_its_commands_without_importing_the_bot() -> None:
    code = "import sys, bot.cli; print([m for m in ('bot.app', 'telegram', 'sqlalchemy') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"


def test_modules_are_short() -> None:
    long = {
        str(file.relative_to(ROOT)): n
        for file in files()
        if (n := len(file.read_text(encoding="utf-8").splitlines())) > 300
    }
    assert long == {}
