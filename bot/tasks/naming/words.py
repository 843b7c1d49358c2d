"""Words by which names begin, go on and end, in Spanish and English: what words.txt lists."""

from pathlib import Path


def _read() -> dict[str, frozenset[str]]:
    text = Path(__file__).with_name("words.txt").read_text(encoding="utf-8")
    sections = [section.partition("]\n") for section in text.split("\n[")[1:]]
    return {name: frozenset(words.split()) for name, _, words in sections}


_LISTS = _read()

# Before a name of a person, and no part of it: "Dra.", "Professor".
TITLES = _LISTS["title"]
ARTICLES = _LISTS["article"]
# Between the parts of a name: "de la", "of". Some always are part of it: "van".
JOINS = _LISTS["join"]
PARTICLES = _LISTS["particle"]
# After the name of a company: "Inc."
SUFFIXES = _LISTS["suffix"]
# By which names of organizations and places go on after "de" or "of": "Universidad", "Río".
ORGANIZATION_HEADS = _LISTS["organization"]
PLACE_HEADS = _LISTS["place"]
# No names by themselves, though they begin many a sentence with a capital.
FUNCTION_WORDS = _LISTS["function"]
