"""What a client sent with a method: query string, JSON, form or multipart body, read alike."""

from dataclasses import dataclass
from typing import Any

from starlette.datastructures import UploadFile
from starlette.requests import Request

from bot.playground.api_error import ApiError, bad_request
from bot.playground.json_text import JSON, read_json

MAX_FIELDS = 200
MAX_FILES = 24
"""An album of ten, each with a thumbnail, and some more."""
MAX_FIELD_BYTES = 2**20


@dataclass(frozen=True, slots=True)
class Upload:
    """One file of a multipart body."""

    name: str
    mime_type: str
    data: bytes


class Params:
    """The parameters of one call; a getter raises ApiError if the value is of another type."""

    def __init__(self, values: JSON, uploads: dict[str, Upload] | None = None, *, inner: bool = False) -> None:
        self._values = values
        self._uploads = uploads or {}
        self._inner = inner

    def has(self, name: str) -> bool:
        """Tell whether a parameter was given at all; null is not."""
        return self._values.get(name) is not None

    def text(self, name: str) -> str:
        """Return a string, "" if it is not given."""
        value = self._values.get(name)
        if value is None:
            return ""
        if isinstance(value, bool):
            return "true" if value else "false"
        if not isinstance(value, str | int | float):
            raise bad_request(f"can't parse {name}: expected a String")
        return str(value)

    def integer(self, name: str, default: int = 0) -> int:
        """Return an integer."""
        text = self.text(name).strip()
        if not text:
            return default
        try:
            number = int(text)
        except ValueError:
            number = 2**63
        if not -(2**63) <= number < 2**63:
            raise bad_request(f"invalid {name} specified")
        return number

    def about(self, name: str, default: int = 0) -> int:
        """Return an integer of which Telegram is not particular: what is none counts as the default."""
        try:
            return self.integer(name, default)
        except ApiError:
            return default

    def flag(self, name: str) -> bool:
        """Return a boolean as clients write it: true, 1, yes."""
        value = self._values.get(name)
        return value is True or str(value).lower() in {"true", "1", "yes"}

    def parsed(self, name: str) -> Any:
        """Return a JSON-serialized value, or what a JSON body had in its place; None if it is not given."""
        value = self._values.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return read_json(value)
        except ValueError:
            raise bad_request(f"can't parse {name} JSON object") from None

    def mapping(self, name: str) -> JSON:
        """Return an object, {} if it is not given."""
        value = self.parsed(name)
        if value is None:
            return {}
        if not isinstance(value, dict):
            raise bad_request(f"object expected as {name}")
        return value

    def within(self, values: JSON) -> "Params":
        """Return an object inside a parameter as parameters of its own; it names its uploads by attach:// alone."""
        return Params(values, self._uploads, inner=True)

    def upload(self, name: str) -> Upload | None:
        """Return the file sent as `name`, directly or as attach://other_name."""
        value = self._values.get(name)
        if isinstance(value, str) and value.startswith("attach://"):
            return self._uploads.get(value.removeprefix("attach://"))
        return None if self._inner else self._uploads.get(name)


async def read_params(request: Request) -> Params:
    """Read a request of any kind that the Bot API accepts; the body, which GET may have too, overrides the query."""
    values: JSON = dict(request.query_params)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json":
        return Params(values | await read_object(request))
    fields, uploads = await read_form(request)
    return Params(values | fields, uploads)


async def read_object(request: Request) -> JSON:
    """Return the JSON object in the body, {} if there is none."""
    body = await request.body()
    if len(body) > MAX_FIELD_BYTES:  # files come as multipart; reading so much JSON would hold everybody up
        raise ApiError(413, "Request Entity Too Large")
    try:
        value = read_json(body) if body.strip() else {}
    except ValueError:
        raise bad_request("can't parse request: JSON expected") from None
    if not isinstance(value, dict):
        raise bad_request("can't parse request: JSON object expected")
    return value


async def read_form(request: Request) -> tuple[JSON, dict[str, Upload]]:
    """Return the fields and the files of a form, urlencoded or multipart."""
    fields: JSON = {}
    uploads: dict[str, Upload] = {}
    limits = {"max_files": MAX_FILES, "max_fields": MAX_FIELDS, "max_part_size": MAX_FIELD_BYTES}
    async with request.form(**limits) as form:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                kind = value.content_type or "application/octet-stream"
                uploads[name] = Upload(value.filename or "", kind, await value.read())
            else:
                fields[name] = _well_formed(value)
    return fields, uploads


def _well_formed(value: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError:
        raise bad_request("strings must be encoded in UTF-8") from None
    return value
