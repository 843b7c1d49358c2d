"""Numbers that are written in words, as far as they are one word; "one" says too little to be a number."""

_ES = """
    dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete dieciocho
    diecinueve veinte veintiuno veintidós veintitrés veinticuatro veinticinco veintiséis veintisiete veintiocho
    veintinueve treinta
"""
_EN = """
    two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
    nineteen twenty
"""
_TENS = {
    "es": "treinta cuarenta cincuenta sesenta setenta ochenta noventa",
    "en": "thirty forty fifty sixty seventy eighty ninety",
}
_HUNDREDS = "cien doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos novecientos"
_FEMININE = _HUNDREDS.replace("tos", "tas")
_LARGE = {
    "es": {"docena": 12, "ciento": 100, "mil": 1000, "millón": 10**6, "millones": 10**6},
    "en": {"dozen": 12, "hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9},
}


def _counted(words: str, first: int, step: int = 1) -> dict[str, int]:
    return {word: first + step * place for place, word in enumerate(words.split())}


# Language, then word: value. The feminine hundreds ("doscientas") stand beside the masculine.
VALUES: dict[str, dict[str, int]] = {
    "es": _counted(_ES, 2)
    | _counted(_TENS["es"], 30, 10)
    | _counted(_HUNDREDS, 100, 100)
    | _counted(_FEMININE, 100, 100)
    | _LARGE["es"],
    "en": _counted(_EN, 2) | _counted(_TENS["en"], 30, 10) | _LARGE["en"],
}


def written(value: int, language: str) -> str:
    """Return the word for a value, "" where there is none."""
    return next((word for word, known in VALUES.get(language, {}).items() if known == value), "")
