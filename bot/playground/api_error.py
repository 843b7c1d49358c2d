"""The Bot API's way to say no."""

from bot.playground.json_text import JSON


class ApiError(Exception):
    """An answer with `ok: false`; `description` is Telegram's own wording, prefix included.

    `parameters` are a Bot API ResponseParameters: where a chat went, or how long to wait.
    """

    def __init__(self, code: int, description: str, parameters: JSON | None = None) -> None:
        self.code = code
        self.description = description
        self.parameters = parameters
        super().__init__(description)


def bad_request(reason: str) -> ApiError:
    """Return the error 400 that clients parse by its text."""
    return ApiError(400, f"Bad Request: {reason}")


def forbidden(reason: str) -> ApiError:
    """Return the error 403: the chat does not want to hear from the bot."""
    return ApiError(403, f"Forbidden: {reason}")


def conflict(reason: str) -> ApiError:
    """Return the error 409: someone else fetches this bot's updates."""
    return ApiError(409, f"Conflict: {reason}")
