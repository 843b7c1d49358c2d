"""JSON from strangers, and to them."""

import json
import math
from typing import Any, NoReturn

JSON = dict[str, Any]
"""One Bot API object, or one object of the people's side."""


def _no_constants(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError(f"{text[:64]} is too large")
    return number


def read_json(text: str | bytes) -> Any:
    """Parse strictly, else raise ValueError.

    No NaN, no number too large for a float, no lone surrogates, no nesting deeper than the parser bears.
    """
    try:
        text = text.decode() if isinstance(text, bytes) else text
        value = json.loads(text, parse_constant=_no_constants, parse_float=_finite)
        if "\\ud" in text or "\\uD" in text:
            # An escaped half of a surrogate pair parses, but cannot be sent or stored as UTF-8.
            json.dumps(value, ensure_ascii=False).encode()
    except RecursionError:
        raise ValueError("nested too deeply") from None
    return value


def to_json(value: Any) -> str:
    """Return the shortest JSON text."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
