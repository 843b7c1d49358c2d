"""Errors that a person gets to read: each names a text in the locales and the values it needs."""

Value = str | int | float


class BotError(Exception):
    """Something went wrong that a person can be told about.

    `key` names a message in bot/locales; `values` fill its placeables.
    """

    key = "error-unexpected"

    def __init__(self, key: str | None = None, **values: Value) -> None:
        self.key = key or type(self).key
        self.values = values
        super().__init__(self.key, values)

    def __str__(self) -> str:
        details = ", ".join(f"{name}={value}" for name, value in self.values.items())
        return f"{self.key} ({details})" if details else self.key


class StartError(Exception):
    """The program cannot start; the text says why and what to do, for whoever runs it."""


class BadInput(BotError):
    """What the person sent cannot be used as it is."""

    key = "error-bad-input"


class ModelMissing(BotError):
    """A model is not in the catalog or its weights are not on this machine."""

    key = "error-model-missing"


class WeightsError(BotError):
    """Weights could not be fetched, verified or converted."""

    key = "error-weights"


class FetchFailed(BotError):
    """Telegram did not hand out a file, though asked several times."""

    key = "error-file-fetch"


class Busy(BotError):
    """The queue is full."""

    key = "error-busy"


class EngineFailed(BotError):
    """The engine broke while it worked on this request."""

    key = "error-engine-failed"


class OutOfMemory(BotError):
    """The model, or what it works on, does not fit the memory that there is, even with idle models gone."""

    key = "error-out-of-memory"
