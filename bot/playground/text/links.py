"""Where links in formatted text lead: Telegram knows few schemes, and has its own for people, emoji and moments."""

import re

from bot.playground.json_text import JSON

MAX_USER_ID = 2**52
MAX_LINK = 2048
"""Characters of an address, and of a text that may be a link of its own."""
_USER = re.compile(r"tg:(?://)?user/?\?(?:[^#]*&)?id=(\d{1,16})(?:[&#].*)?", re.IGNORECASE)
_INSIDE = re.compile(r"(tg|ton)://(?!//)(\S+)", re.IGNORECASE)
_WEB = re.compile(
    r"(?:(https?)://)?((?:[^\s/?#@]*@)?)([^\s/?#:@\[\]]+|\[[0-9a-f:.]+\])((?::\d{1,5})?)((?:[/?#]\S*)?)", re.IGNORECASE
)
_EMOJI = re.compile(r"tg://emoji/?\?id=(\d{1,19})", re.ASCII | re.IGNORECASE)
_TIME = re.compile(r"tg://time/?\?unix=(-?\d{1,11})(?:&format=(\w*))?", re.ASCII | re.IGNORECASE)
_SHOWN = re.compile(r"r|w?[dD]?[tT]?")
"""How a moment is shown: relative, or day of the week, date and time, short or long."""


def linked(url: str) -> JSON | None:
    """Return the type of the entity that links to `url` with its field, or None if Telegram drops such a link."""
    url = url.strip()
    if len(url) > MAX_LINK:
        return None
    if user := _USER.fullmatch(url):
        user_id = int(user[1])
        return {"type": "text_mention", "user": {"id": user_id}} if 0 < user_id < MAX_USER_ID else None
    normal = _normal(url)
    return {"type": "text_link", "url": normal} if 0 < len(normal) <= MAX_LINK else None


def address(url: str) -> str:
    """Return the address of a button as Telegram writes it, "" if it leads nowhere."""
    found = linked(url) or {"url": ""}
    return str(found["url"] if "url" in found else f"tg://user?id={found['user']['id']}")


def _normal(url: str) -> str:
    if inside := _INSIDE.fullmatch(url):
        return f"{inside[1].lower()}://{inside[2]}"
    web = _WEB.fullmatch(url)
    if not web or not (web[3].startswith("[") or "." in web[3][1:-1]):
        return ""
    scheme, login, host, port, path = web.groups()
    path = path if path.startswith("/") else f"/{path}"
    return f"{(scheme or 'http').lower()}://{login}{host.lower()}{port}{path}"


def pictured(url: str) -> JSON | None:
    """Return what `![…](url)` is in Markdown: a custom emoji or a moment; None if it is neither."""
    if emoji := _EMOJI.fullmatch(url):
        return {"type": "custom_emoji", "custom_emoji_id": emoji[1]}
    if time := _TIME.fullmatch(url):
        return moment(time[1], time[2] or "")
    return None


def moment(unix: str, shown: str) -> JSON | None:
    """Return the type of the entity of a Unix time with its fields, None if it is no time or cannot be shown so."""
    if not re.fullmatch(r"-?\d{1,11}", unix, re.ASCII) or not _SHOWN.fullmatch(shown):
        return None
    return {"type": "date_time", "unix_time": int(unix), "date_time_format": shown}
