"""Answering inline queries."""

import re

from bot.playground.api_error import bad_request
from bot.playground.json_text import JSON
from bot.playground.methods.method import Method
from bot.playground.params import Params
from bot.playground.rules.inline_results import read_results
from bot.playground.world import World

MAX_OFFSET_BYTES = 64
MAX_START_PARAMETER = 64


async def answer_inline_query(world: World, params: Params) -> bool:
    """Show the bot's results to the person who asked."""
    results = read_results(world, params)
    button = _button(params)
    offset = params.text("next_offset")
    if len(offset.encode()) > MAX_OFFSET_BYTES:
        raise bad_request("NEXT_OFFSET_INVALID")
    query = world.inline_queries.get(params.text("inline_query_id"))
    if query is None or query.answered:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    query.answered, query.results = True, results
    listed = [result.listing() for result in results.values()]
    answer = {"inline_query_id": query.id, "from": query.person, "results": listed, "next_offset": offset}
    world.publish(world.chats[query.chat], "inline_answer", **answer, **({"button": button} if button else {}))
    return True


def _button(params: Params) -> JSON:
    """Return the button above the results, {} if there is none; its old names are read as well."""
    given = params.mapping("button")
    old = {"text": params.text("switch_pm_text"), "start_parameter": params.text("switch_pm_parameter")}
    given = given or (old if old["text"] else {})
    if not given:
        return {}
    text, start, app = given.get("text"), given.get("start_parameter"), given.get("web_app")
    if not isinstance(text, str):
        raise bad_request('can\'t parse inline query results button: Field "text" must be of type String')
    if isinstance(app, dict) and isinstance(app.get("url"), str):
        return {"text": text[:64], "web_app": {"url": app["url"]}}
    return {"text": text[:64], "start_parameter": _start_parameter(start)}


def _start_parameter(given: object) -> str:
    if not isinstance(given, str) or not given:
        raise bad_request("can't use empty start_parameter")
    if len(given) > MAX_START_PARAMETER:
        raise bad_request("too long start_parameter specified")
    if not re.fullmatch(r"[\w-]+", given, re.ASCII):
        raise bad_request("unallowed characters in start_parameter are used")
    return given


METHODS: dict[str, Method] = {"answerInlineQuery": answer_inline_query}
