import pytest

from bot.tasks.translating.terms import cased, find, obeyed, put_in

GLOSSARY = [("attention head", "cabeza de atención"), ("embedding", "incrustación"), ("fine-tuning", "ajuste fino")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Each attention head looks.", [("attention head", "cabeza de atención")]),
        ("Attention  heads look.", [("Attention  heads", "cabeza de atención")]),
        ("Two embeddings, one Fine tuning.", [("embeddings", "incrustación"), ("Fine tuning", "ajuste fino")]),
        ("The head pays attention.", []),
        ("embeddingless", []),
    ],
)
def test_terms_are_found_in_their_numbers_and_cases(text: str, found: list[tuple[str, str]]) -> None:
    assert [(one.text, one.wanted) for one in find(text, GLOSSARY, "en", "es")] == found


def test_either_side_stands_for_the_one_in_the_target_language() -> None:
    text = "Las cabezas de atención y el embedding, o sea, las incrustaciones"
    wanted = ["attention head", "embedding", "embedding"]
    assert [one.wanted for one in find(text, GLOSSARY, "es", "en")] == wanted
    turned = [(right, left) for left, right in GLOSSARY]
    assert [one.wanted for one in find(text, turned, "es", "en")] == wanted


def test_the_longer_term_comes_first() -> None:
    glossary = [("head", "cabeza"), ("attention head", "cabeza de atención"), ("attention", "atención")]
    found = find("An attention head is a head.", glossary, "en", "es")
    assert [(one.text, one.wanted) for one in found] == [("attention head", "cabeza de atención"), ("head", "cabeza")]


@pytest.mark.parametrize(
    "pair", [("head", "cabeza"), ("layer", "capa"), ("gradient", "gradiente"), ("loss", "pérdida")]
)
def test_the_direction_of_short_terms_is_told(pair: tuple[str, str]) -> None:
    [to_spanish] = find(pair[0], [pair], "en", "es")
    [to_english] = find(pair[1], [pair], "es", "en")
    assert (to_spanish.wanted, to_english.wanted) == (pair[1], pair[0])


@pytest.mark.parametrize(
    ("translation", "good"),
    [
        ("Las Cabezas de atención miran.", True),
        ("Cada cabeza de  atención mira.", True),
        ("Cada cabezal de atención mira.", False),
        ("La atención de la cabeza.", False),
    ],
)
def test_a_translation_obeys_in_any_number_and_case(translation: str, good: bool) -> None:
    assert obeyed(translation, find("Each attention head looks.", GLOSSARY, "en", "es")) is good


def test_terms_are_put_in_with_their_capital() -> None:
    found = find("Fine-tuning an attention head.", GLOSSARY, "en", "es")
    assert put_in("Fine-tuning an attention head.", found) == "Ajuste fino an cabeza de atención."
    assert [cased(one) for one in found] == ["Ajuste fino", "cabeza de atención"]


@pytest.mark.parametrize("term", ["C++", "(a)", "[b", "a.b", "*", "ñ"])
def test_signs_in_a_term_are_signs(term: str) -> None:
    [found] = find(f"x {term} y", [(term, term)], "es", "en")
    assert found.text == term


@pytest.mark.parametrize(
    ("term", "text"),
    [("capa", "capas"), ("red", "redes"), ("vez", "veces"), ("conexión", "conexiones"), ("body", "bodies")],
)
def test_plurals_are_known(term: str, text: str) -> None:
    assert find(text, [(term, "x")], "es", "en")[0].text == text
