"""Who the bot is and how it gets its updates."""

import re
import ssl
from urllib.parse import urlsplit

from bot.playground.api_error import ApiError, bad_request
from bot.playground.json_text import JSON
from bot.playground.methods.method import Method, Told
from bot.playground.params import Params
from bot.playground.updates import Webhook
from bot.playground.world import World

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
MAX_CERTIFICATE = 3 * 2**20
KINDS = (
    "message", "edited_message", "channel_post", "edited_channel_post", "business_connection", "business_message",
    "edited_business_message", "deleted_business_messages", "guest_message", "message_reaction",
    "message_reaction_count", "inline_query", "chosen_inline_result", "callback_query", "shipping_query",
    "pre_checkout_query", "purchased_paid_media", "poll", "poll_answer", "my_chat_member", "chat_member",
    "chat_join_request", "chat_boost", "removed_chat_boost", "managed_bot",
)  # fmt: skip
"""The kinds of updates that a bot may ask for; here some never come."""


async def get_me(world: World, _: Params) -> JSON:
    """Return the bot, with what it is able to do."""
    return world.me | {
        "can_join_groups": True,
        "can_read_all_group_messages": not world.privacy_mode,
        "supports_inline_queries": True,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


async def get_updates(world: World, params: Params) -> list[JSON]:
    """Return what is not confirmed, waiting up to `timeout` (50 at most) seconds for the first."""
    _allow(world, params)
    limit = min(max(params.about("limit", 100), 1), 100)
    seconds = min(max(params.about("timeout"), 0), 50)
    before = len(world.updates.pending)
    offset = params.about("offset")
    if offset and before:
        world.changed()
    return await world.updates.poll(offset, limit, seconds)


def _allow(world: World, params: Params) -> None:
    """Remember which kinds the bot asks for; as in Telegram what makes no sense is skipped."""
    try:
        allowed = params.parsed("allowed_updates")
    except ApiError:
        return
    if isinstance(allowed, list):
        asked = {kind.lower() for kind in allowed if isinstance(kind, str)}
        world.updates.allowed = [kind for kind in KINDS if kind in asked]


async def set_webhook(world: World, params: Params) -> Told:
    """Push updates to `url` from now on; without one, wait to be polled again."""
    url = params.text("url").strip()
    secret = params.text("secret_token")
    if url:
        _check_url(url)
    if not re.fullmatch(r"[\w-]{0,256}", secret, re.ASCII):
        raise bad_request("secret token contains unallowed characters")
    _allow(world, params)
    if params.flag("drop_pending_updates"):
        world.updates.pending.clear()
    certificate = _certificate(params) if url else ""
    connections = min(max(params.integer("max_connections", 40), 1), 100)
    if not url:
        return _without_webhook(world)
    world.updates.set_webhook(Webhook(url, secret, connections, certificate))
    world.changed()
    return Told("Webhook was set")


def _without_webhook(world: World) -> Told:
    was_set = world.updates.webhook is not None
    world.updates.set_webhook(None)
    world.changed()
    return Told("Webhook was deleted" if was_set else "Webhook is already deleted")


def _certificate(params: Params) -> str:
    upload = params.upload("certificate")
    if upload is None:
        return ""
    if not upload.data:
        raise bad_request("file must be non-empty")
    if len(upload.data) > MAX_CERTIFICATE:
        raise bad_request(f"certificate size is too big ({len(upload.data)} bytes)")
    try:
        pem = upload.data.decode("ascii")
        ssl.create_default_context(cadata=pem)
    except (ValueError, ssl.SSLError):
        raise bad_request("bad webhook: invalid certificate file") from None
    return pem


def _check_url(url: str) -> None:
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise bad_request("bad webhook: invalid URL specified") from None
    # Telegram insists on HTTPS; a bot on this machine need not.
    if not host or not (parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK)):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")


async def delete_webhook(world: World, params: Params) -> Told:
    """Stop pushing; polls work again."""
    if params.flag("drop_pending_updates"):
        world.updates.pending.clear()
    return _without_webhook(world)


async def get_webhook_info(world: World, _: Params) -> JSON:
    """Return where updates go and how many wait."""
    hook = world.updates.webhook
    info: JSON = {
        "url": hook.url if hook else "",
        "has_custom_certificate": bool(hook and hook.certificate),
        "pending_update_count": len(world.updates.pending),
    }
    if world.updates.allowed:
        info["allowed_updates"] = world.updates.allowed
    if hook:
        info["max_connections"] = hook.max_connections
    if hook and hook.last_error_date:
        info |= {"last_error_date": hook.last_error_date, "last_error_message": hook.last_error_message}
    return info


METHODS: dict[str, Method] = {
    "getMe": get_me,
    "getUpdates": get_updates,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
}
