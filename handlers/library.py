"""/add, /library and files that people send: the material that a chat studies."""

from collections.abc import Awaitable, Callable
from math import ceil
from pathlib import PurePath

from telegram import Document as TelegramFile

from bot.context import Context
from bot.errors import BadInput
from bot.library.documents import unit
from bot.library.kinds import SUFFIXES
from bot.markdown import escape, render
from bot.routing import Button, Command, File
from bot.storage import materials
from bot.storage.materials import Shelf
from bot.storage.tables import Chunk, Material
from bot.taking import download, replied_to
from bot.tasks.models import Models
from bot.working import Outcome, work

# Materials on a page of the list; progress is shown whenever this many more percent are done.
_PER_PAGE, _STEP = 6, 10

Fetch = Callable[[], Awaitable[tuple[str, bytes]]]
Buttons = list[list[tuple[str, str]]]


async def add(ctx: Context) -> None:
    """Add the file or text that the command is about; ask for one where there is none."""
    message, replied = ctx.message, await replied_to(ctx)
    for source in (message, replied):
        if source and source.document:
            await _add_file(ctx, source.document)
            return
    words = ctx.words or (((replied.text or replied.caption) if replied else "") or "").strip()
    if words:
        await _add(ctx, lambda: _as_file(words))
    else:
        await ctx.ask(ctx.t("ask-add"), "add", "")


async def take_file(ctx: Context) -> None:
    """Add a file that was sent in private; in a group, where it may be meant for others alone, offer to.

    Not in a channel: its readers would get the buttons, too.
    """
    document = ctx.message.document
    if document is None:
        raise BadInput
    if ctx.place.private:
        await _add_file(ctx, document)
    elif ctx.is_group and PurePath(document.file_name or "").suffix.lower() in SUFFIXES:
        buttons = [(ctx.t("button-add"), "file:add"), (ctx.t("button-add-not"), "file:no")]
        await ctx.reply(ctx.t("library-offer", title=document.file_name or ""), [buttons])


async def decide(ctx: Context) -> None:
    """Add the file that was offered, or leave it."""
    replied = ctx.message.reply_to_message
    await ctx.change(ctx.t("library-offer-taken" if ctx.choice == "add" else "library-offer-left"))
    if ctx.choice == "add":
        if replied is None or replied.document is None:
            raise BadInput("error-file-gone")
        await _add_file(ctx, replied.document)


async def show_list(ctx: Context) -> None:
    """List the chat's material."""
    await ctx.reply(*await _list(ctx, 0))


async def choose(ctx: Context) -> None:
    """Do what a button of the library stands for."""
    action, _, rest = ctx.choice.partition(":")
    number, _, more = rest.partition(":")
    if not all(part.isdecimal() and len(part) < 18 for part in (number, more or "0")):
        raise BadInput  # a button's data can be forged
    match action:
        case "list":
            await ctx.change(*await _list(ctx, int(number)))
        case "show":
            await ctx.change(*_shown(ctx, await _found(ctx, int(number))))
        case "read":
            await ctx.change(*await _passage(ctx, int(number), int(more or 0)))
        case "remove" | "sure":
            await _remove(ctx, int(number), sure=action == "sure")
        case _:
            raise BadInput


# ---- adding


async def _add_file(ctx: Context, document: TelegramFile) -> None:
    await _add(ctx, lambda: download(document))


async def _as_file(words: str) -> tuple[str, bytes]:
    shown = " ".join(words.split()[:6])[:60]
    more = "…" if len(shown) < len(" ".join(words.split())) else ""
    return f"{shown.replace('/', ' ').replace('.', ' ').strip()}{more}.txt", words.encode(errors="replace")


async def _add(ctx: Context, fetch: Fetch) -> None:
    number, added = ctx.take_parts(0), list[Material]()  # work's first part: the place where progress is shown later

    async def do(_: Models) -> Outcome:
        async with ctx.services.library.room:
            name, data = await fetch()
            put = await ctx.services.library.add(_shelf(ctx), name, data, ctx.user_id or None)
        added.append(put.material)
        return Outcome(_added(ctx, put.material, new=put.new or _added_before(ctx, put.material)))

    await work(ctx, do)
    if added and added[0].state == "indexing":
        _follow(ctx, added[0], number)


def _added_before(ctx: Context, material: Material) -> bool:
    """Tell whether it is an earlier attempt at this update that has added a material."""
    by_them = material.added_by == (ctx.user_id or None)
    return ctx.replayed and by_them and material.added_at >= ctx.message.date


def _follow(ctx: Context, material: Material, number: int) -> None:
    """Have it shown how the indexing goes on, until it is done or the material is gone."""
    shown = _percent(material)

    async def show(now: Material) -> None:
        nonlocal shown
        done = _percent(now) if now.state == "indexing" else 100
        if done >= shown + _STEP or (done == 100 and shown < 100):
            shown = done
            await ctx.put(number, render(_added(ctx, now, new=True))[0])

    ctx.services.library.follow(material.id, show)


def _added(ctx: Context, material: Material, *, new: bool) -> str:
    known = ctx.t("library-added" if new else "library-known", title=material.title)
    return "\n".join((known, "", _extent(ctx, material), _state(ctx, material)))


# ---- showing


async def _list(ctx: Context, page: int) -> tuple[str, Buttons]:
    count = await ctx.transact(materials.count, _shelf(ctx))
    found = await ctx.transact(materials.listed, _shelf(ctx), page * _PER_PAGE, _PER_PAGE)
    if not count:
        return ctx.t("library-empty"), []
    title = ctx.t("library-title", count=count)
    lines = [
        f"{page * _PER_PAGE + place}. **{escape(one.title)}**\n{_extent(ctx, one)}{_unready(ctx, one)}"
        for place, one in enumerate(found, start=1)
    ]
    numbers = [(str(page * _PER_PAGE + place), f"library:show:{one.id}") for place, one in enumerate(found, start=1)]
    return "\n\n".join((f"**{title}**", *lines)), [numbers, *_turning("list", page, ceil(count / _PER_PAGE))]


def _turning(action: str, now: int, count: int, prefix: str = "") -> Buttons:
    """Return the row of buttons that turn pages, none for a single page."""
    if count < 2:
        return []
    before = [("◀", f"library:{action}:{prefix}{now - 1}")] if now else []
    after = [("▶", f"library:{action}:{prefix}{now + 1}")] if now + 1 < count else []
    return [[*before, (f"{now + 1}/{count}", f"library:{action}:{prefix}{now}"), *after]]


def _shown(ctx: Context, material: Material) -> tuple[str, Buttons]:
    language = f"language-{material.language}"
    facts = [
        _extent(ctx, material),
        ctx.t("library-file", kind=material.kind.upper(), kilobytes=ceil(material.bytes / 1024)),
        ctx.t(language) if material.language else "",
        _state(ctx, material),
    ]
    remove = [(ctx.t("button-remove"), f"library:remove:{material.id}")] if material.chat_id else []  # the course stays
    buttons = [
        [(ctx.t("button-read"), f"library:read:{material.id}:0")],
        [*remove, (ctx.t("button-library"), "library:list:0")],
    ]
    return "\n".join((f"**{escape(material.title)}**", "", *filter(None, facts))), buttons


async def _passage(ctx: Context, material_id: int, number: int) -> tuple[str, Buttons]:
    material = await _found(ctx, material_id)
    chunk = await ctx.transact(materials.passage_at, material_id, number)
    if chunk is None:
        raise BadInput("error-library-gone")
    back = (ctx.t("button-library-back"), f"library:show:{material_id}")
    rows = [*_turning("read", number, material.chunks, f"{material_id}:"), [back]]
    return f"**{escape(material.title)}**, {_place(ctx, material, chunk)}\n\n{escape(chunk.text)}", rows


def _place(ctx: Context, material: Material, chunk: Chunk) -> str:
    pages = f"{chunk.page}" if chunk.page == chunk.last_page else f"{chunk.page}–{chunk.last_page}"
    return ctx.t(f"place-{unit(material.kind)}", number=pages)


def _extent(ctx: Context, material: Material) -> str:
    return ctx.t(f"extent-{unit(material.kind)}", count=material.pages)


def _unready(ctx: Context, material: Material) -> str:
    return "" if material.state == "ready" else f"\n{_state(ctx, material)}"


def _state(ctx: Context, material: Material) -> str:
    return ctx.t(f"material-{material.state}", percent=_percent(material))


def _percent(material: Material) -> int:
    return 100 * material.done // max(1, material.chunks)


# ---- removing


async def _remove(ctx: Context, material_id: int, *, sure: bool) -> None:
    if not ctx.place.private and not await ctx.is_admin():
        await ctx.answer_button(ctx.t("library-only-admins"), alert=True)
    elif sure:
        # What an earlier attempt at this update has removed is removed.
        if not (await ctx.services.library.remove(_shelf(ctx), material_id) or ctx.replayed):
            raise BadInput("error-library-gone")
        await ctx.answer_button(ctx.t("library-removed"))
        await ctx.change(*await _list(ctx, 0))
    else:
        material = await _found(ctx, material_id)
        yes = (ctx.t("button-remove-sure"), f"library:sure:{material_id}")
        no = (ctx.t("button-library-back"), f"library:show:{material_id}")
        await ctx.change(ctx.t("library-remove", title=material.title), [[yes, no]])


async def _found(ctx: Context, material_id: int) -> Material:
    found = await ctx.transact(materials.visible, _shelf(ctx), material_id)
    if found is None:
        raise BadInput("error-library-gone")
    return found


def _shelf(ctx: Context) -> Shelf:
    return Shelf(ctx.place.chat_id, ctx.place.thread_id)


HANDLERS = [
    Command("add", add, {"es": "anadir"}, topic="material"),
    Command("library", show_list, {"es": "biblioteca"}, topic="material"),
    File(take_file),
    Button("library", choose),
    Button("file", decide),
]
