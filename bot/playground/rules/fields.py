"""Fields of the JSON objects inside parameters, read as Telegram reads them.

Each reader raises ValueError with Telegram's words; whoever reads the object puts before them what it is. Null is as
good as nothing.
"""

from bot.playground.json_text import JSON


def string(given: JSON, name: str) -> str | None:
    """Return a string, None if there is none; Telegram takes numbers for strings."""
    value = given.get(name)
    if value is not None and (isinstance(value, bool) or not isinstance(value, str | int | float)):
        raise ValueError(f'Field "{name}" must be of type String')
    return None if value is None else str(value)


def needed_string(given: JSON, name: str) -> str:
    """Return a string that must be there; it may be empty."""
    value = string(given, name)
    if value is None:
        raise ValueError(f'Can\'t find field "{name}"')
    return value


def flag(given: JSON, name: str) -> bool:
    """Return a boolean, False if there is none."""
    value = given.get(name)
    if value is not None and not isinstance(value, bool):
        raise ValueError(f'Field "{name}" must be of type Boolean')
    return value is True


def needed_object(given: JSON, name: str) -> JSON:
    """Return an object that must be there."""
    value = given.get(name)
    if value is None:
        raise ValueError(f'Can\'t find field "{name}"')
    if not isinstance(value, dict):
        raise ValueError(f'Field "{name}" must be of type Object')
    return value
