"""Checks Bot API values against the machine-readable Bot API, which lies beside the checkout."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

SCHEMA = Path(__file__).parents[3] / "shared" / "telegram-bot-api.json"
_PRIMITIVES: dict[str, tuple[type, ...]] = {
    "Integer": (int,),
    "String": (str,),
    "Float": (int, float),
    "Boolean": (bool,),
    "True": (bool,),
}
_CONSTANT = re.compile(r"(?:always|must be) [“\"']?(\w+)[”\"']?")


class BotApiSchema:
    """Types and methods of the Bot API."""

    def __init__(self) -> None:
        if not SCHEMA.exists():
            pytest.skip(f"{SCHEMA.name} is not beside the checkout")
        data = json.loads(SCHEMA.read_text(encoding="utf-8"))
        self.methods: dict[str, Any] = data["methods"]
        self.types: dict[str, Any] = data["types"]

    def problems_of_result(self, method: str, result: Any) -> list[str]:
        return self._any_of(self.methods[method]["returns"], result, method)

    def problems(self, type_name: str, value: Any, where: str = "") -> list[str]:
        """Return what is wrong with `value` as a `type_name`; empty if nothing is."""
        where = where or type_name
        if type_name.startswith("Array of "):
            if not isinstance(value, list):
                return [f"{where}: {value!r} is no array"]
            inner = type_name.removeprefix("Array of ")
            return [p for at, item in enumerate(value) for p in self.problems(inner, item, f"{where}[{at}]")]
        if type_name in _PRIMITIVES:
            right = isinstance(value, _PRIMITIVES[type_name]) and (
                type_name in {"Boolean", "True"} or not isinstance(value, bool)
            )
            return [] if right else [f"{where}: {value!r} is no {type_name}"]
        described = self.types[type_name]
        if "subtypes" in described:
            return self._any_of(described["subtypes"], value, where)
        return self._object(described, value, where)

    def _any_of(self, names: list[str], value: Any, where: str) -> list[str]:
        tried = [self.problems(name, value, where) for name in names]
        return min(tried, key=len)

    def _object(self, described: Any, value: Any, where: str) -> list[str]:
        if not isinstance(value, dict):
            return [f"{where}: {value!r} is no object"]
        fields = {field["name"]: field for field in described.get("fields", [])}
        found = [f"{where}.{name} is not in the Bot API" for name in value if name not in fields]
        for name, field in fields.items():
            if name in value:
                found += self._any_of(field["types"], value[name], f"{where}.{name}")
                constant = _CONSTANT.search(field["description"]) if field["types"] == ["String"] else None
                if constant and name in {"status", "type", "source"} and value[name] != constant[1]:
                    found.append(f"{where}.{name}: {value[name]!r} is not {constant[1]!r}")
            elif field["required"]:
                found.append(f"{where}.{name} is missing")
        return found
