"""What a poll that is to be sent must be: Telegram's rules, the same for the bot's polls and for people's.

https://core.telegram.org/bots/api#sendpoll
"""

import re
import secrets
import time
from dataclasses import dataclass
from itertools import pairwise

from bot.playground.api_error import bad_request
from bot.playground.json_text import JSON
from bot.playground.params import Params
from bot.playground.rules.words import formatted

MAX_QUESTION, MAX_OPTION, MAX_OPTIONS = 300, 100, 12
MAX_EXPLANATION, MAX_EXPLANATION_LINES = 200, 2
MAX_DESCRIPTION = 1024
"""Characters, as Telegram counts them in polls; not UTF-16 units."""
SHORTEST, LONGEST = 5, 2_628_000
"""Seconds that a poll may be open."""
_MAX_COUNTRIES = 12
_HINTS = ("shuffle_options", "hide_results_until_closes", "allow_adding_options")


@dataclass(frozen=True, slots=True)
class Asked:
    """A poll to be created: a Bot API Poll without id and counts, hints for who looks at it, and whether it is over."""

    about: JSON
    hints: JSON
    closed: bool


def asked(params: Params) -> Asked:
    """Return the poll that the parameters of sendPoll describe; ApiError in Telegram's words if it breaks a rule."""
    quiz = _type(params) == "quiz"
    if any(params.has(name) for name in ("media", "explanation_media")):
        raise bad_request("this server has no polls with media")
    about = _rich(params, "question", MAX_QUESTION, "poll question length must not exceed 300", only_emoji=True)
    if not about["question"]:
        raise bad_request("text must be non-empty")
    about["options"] = _options(params)
    about |= _ways(params, quiz=quiz) | _time(params)
    about |= _solution(params, about) if quiz else {}
    about |= _rich(params, "description", MAX_DESCRIPTION, "poll description length must not exceed 1024")
    hints = {name: True for name in _HINTS if params.flag(name)}
    shown = {name: value for name, value in about.items() if value != ""}
    return Asked(shown, hints, params.flag("is_closed"))


def _type(params: Params) -> str:
    kind = params.text("type") or "regular"
    if kind not in {"regular", "quiz"}:
        raise bad_request("unsupported poll type specified")
    return kind


def _rich(params: Params, name: str, limit: int, too_long: str, *, only_emoji: bool = False) -> JSON:
    """Return a text with its entities, under their names in a Poll; the text is "" where there is none."""
    given = {"text": params.text(name), "parse_mode": params.text(f"{name}_parse_mode")}
    given["entities"] = params.parsed(f"{name}_entities")
    text, entities = formatted(Params(given), "text", "entities")
    # Nobody is mentioned by their id in a poll.
    entities = [entity for entity in entities if entity["type"] != "text_mention"]
    if len(text) > limit:
        raise bad_request(too_long)
    if only_emoji:
        entities = [entity for entity in entities if entity["type"] == "custom_emoji"]
    return {name: text} | ({f"{name}_entities": entities} if entities else {})


def _options(params: Params) -> list[JSON]:
    given = params.parsed("options")
    if not isinstance(given, list):
        raise bad_request("can't parse options JSON object: an Array is expected")
    if not given:
        raise bad_request("poll must have at least one answer option")
    if len(given) > MAX_OPTIONS:
        raise bad_request(f"poll can't have more than {MAX_OPTIONS} options")
    return [_option(one) for one in given]


def _option(given: object) -> JSON:
    fields = Params(given) if isinstance(given, dict) else Params({"text": given})
    if fields.has("media"):
        raise bad_request("this server has no polls with media")
    option = _rich(fields, "text", MAX_OPTION, "poll options length must not exceed 100", only_emoji=True)
    if not option["text"]:
        raise bad_request("text must be non-empty")
    return {"persistent_id": secrets.token_hex(4)} | option


def _ways(params: Params, *, quiz: bool) -> JSON:
    """Return how people may vote."""
    countries = params.parsed("country_codes") or []
    if not _are_countries(countries):
        raise bad_request("wrong country codes specified")
    revoting = params.flag("allows_revoting") if params.has("allows_revoting") else not quiz
    ways = {
        "type": "quiz" if quiz else "regular",
        "is_anonymous": params.flag("is_anonymous") if params.has("is_anonymous") else True,
        "allows_multiple_answers": params.flag("allows_multiple_answers"),
        "allows_revoting": revoting,
        "members_only": params.flag("members_only"),
    }
    return ways | ({"country_codes": countries} if countries else {})


def _are_countries(given: object) -> bool:
    if not isinstance(given, list) or len(given) > _MAX_COUNTRIES:
        return False
    return all(isinstance(code, str) and re.fullmatch("[A-Z]{2}", code) for code in given)


def _solution(params: Params, about: JSON) -> JSON:
    correct = params.parsed("correct_option_ids")
    if correct is None and params.has("correct_option_id"):  # as it was before Bot API 9
        correct = [params.integer("correct_option_id")]
    _check_correct(correct or [], len(about["options"]))
    if len(correct) > 1 and not about["allows_multiple_answers"]:
        raise bad_request("QUIZ_CORRECT_ANSWERS_TOO_MUCH")
    words = _rich(params, "explanation", MAX_EXPLANATION, "poll explanation length must not exceed 200")
    if words["explanation"].count("\n") > MAX_EXPLANATION_LINES:
        raise bad_request("poll explanation must have at most 2 line feeds")
    return {"correct_option_ids": correct} | words


def _check_correct(given: object, options: int) -> None:
    if not isinstance(given, list):
        raise bad_request("expected an Array of correct option identifiers")
    if any(isinstance(one, bool) or not isinstance(one, int | float) for one in given):
        raise bad_request("correct option identifier must be of type Number")
    if not given:
        raise bad_request("correct quiz option list must be non-empty")
    if any(later <= one for one, later in pairwise(given)):
        raise bad_request("correct quiz option list must be increasing")
    if not all(isinstance(one, int) and 0 <= one < options for one in given):
        raise bad_request("wrong quiz correct_option_id")


def _time(params: Params) -> JSON:
    period, date = params.integer("open_period"), params.integer("close_date")
    if period and date:
        raise bad_request("open_period and close_date can't be used together")
    if not period and not date:
        return {}
    now = int(time.time())
    if not SHORTEST <= (period or date - now) <= LONGEST:
        raise bad_request(f"poll must be open for {SHORTEST}-{LONGEST} seconds")
    return {"close_date": date or now + period} | ({"open_period": period} if period else {})
