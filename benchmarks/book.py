"""A book of 300 pages about villages that never were, with ten facts whose pages are known, as a PDF.

Half of the pages are in Spanish, half in English. All say alike things of other places, so that a question's page is
not the only one with its words; the ten facts are asked for in other words than the book's, three in another language.
"""

import io
import random
from dataclasses import dataclass

PAGES = 300
_PARAGRAPHS = 5


@dataclass(frozen=True, slots=True)
class Known:
    """A fact on a page, and the question that it answers."""

    page: int
    fact: str
    language: str
    question: str


KNOWN = (
    Known(
        17,
        "En Alcorvo los relojeros construyen sus mecanismos con espinas de trucha; el metal se oxida con la niebla.",
        "es",
        "¿De qué material hacen los relojes en Alcorvo?",
    ),
    Known(
        48,
        "The lighthouse of Brenmouth was painted green in 1871 after two captains mistook it for the church of Sorley.",
        "en",
        "Why did the lighthouse at Brenmouth get its green colour?",
    ),
    Known(
        75,
        "La maestra Eulalia Bastán enseñó a leer a los pastores de Montejar con partituras en lugar de cartillas.",
        "es",
        "¿Con qué aprendían a leer los pastores de Montejar?",
    ),
    Known(
        104,
        "Every seventh winter the weavers of Dunharrow unpick their largest tapestry and give the wool to newcomers.",
        "en",
        "What happens to the wool of the biggest tapestry in Dunharrow?",
    ),
    Known(
        133,
        "El puente de Sietefuentes se sostiene gracias a 412 vigas de tejo, cortadas solo en noches sin luna.",
        "es",
        "How many beams hold up the bridge of Sietefuentes?",
    ),
    Known(
        162,
        "The observatory on Carrick Fell lost its telescope to a storm, so its astronomer drew the sky with a mirror.",
        "en",
        "¿Con qué dibujó el cielo el astrónomo de Carrick Fell?",
    ),
    Known(
        191,
        "El boticario Gaspar Llorente curaba el insomnio leyendo en voz alta el registro de la propiedad de Valdumbra.",
        "es",
        "¿Cómo trataba Gaspar Llorente a quienes no podían dormir?",
    ),
    Known(
        226,
        "Ferrymen at Oxney Reach accept only riddles as a fare, and keep the best ones in a copper-bound ledger.",
        "en",
        "How do passengers pay for the ferry at Oxney Reach?",
    ),
    Known(
        257,
        "La biblioteca de Peñarrota se quemó en 1908 y la reconstruyó Jacinta Olmo, que sabía de memoria el catálogo.",
        "es",
        "Who rebuilt the library of Peñarrota after the fire?",
    ),
    Known(
        289,
        "Bees kept on the roofs of Tallow Green forage among lime trees, which gives its honey the taste of mint.",
        "en",
        "What does the honey from Tallow Green taste like?",
    ),
)

_STARTS = "Al Bren Car Dun El Fer Gar Hol Ir Jun Kel Lor Mon Nor Ol Pen Quin Ros Sal Tor Ul Val Wen Yar Zar"
_ENDS = "adra bury cala dale eda field gosa ham illa jar keth lada mouth nava ora pena quera rona stead tera"
_PEOPLE = "Ana Bruno Clara Diego Edith Fermín Grace Hugo Iria Jonas Kate Lino Marta Nils Olga Pablo Rosa Tomás"
_SENTENCES = {
    "es": (
        "{place} se fundó en {year} junto al río {river}, cuando {person} levantó allí un molino.",
        "El mercado de {place} se celebra cada {number} días y reúne a gente de {other}.",
        "La iglesia conserva {number} tallas de nogal que trajo {person} desde {other}.",
        "En invierno el camino de {place} a {other} queda cortado por la nieve durante {number} jornadas.",
        "Según {person}, el pan de {place} sabe a humo porque los hornos se encienden con brezo.",
        "La escuela abrió en {year} con {number} alumnos y una sola maestra, {person}.",
        "Los relojes de la plaza de {place} atrasan desde que en {year} se mojó su mecanismo.",
        "El puente nuevo, con {number} arcos, sustituyó en {year} al que se llevó el río {river}.",
        "La biblioteca guarda {number} libros que {person} donó al morir.",
        "Los pastores bajan de la sierra en octubre y venden en {other} la lana de {number} ovejas.",
    ),
    "en": (
        "{place} was founded in {year} by the river {river}, where {person} had built a mill.",
        "The market of {place} is held every {number} days and draws people from {other}.",
        "The church keeps {number} walnut carvings that {person} brought from {other}.",
        "In winter the road from {place} to {other} lies under snow for {number} days.",
        "According to {person}, the bread of {place} tastes of smoke, for the ovens are lit with heather.",
        "The school opened in {year} with {number} pupils and one teacher, {person}.",
        "The lighthouse of {place} has been dark since {year}, when its lamp was sold to {other}.",
        "The ferry across the {river} carries {number} people and was named after {person}.",
        "The library holds {number} books, left to it by {person}.",
        "Its bees are famous as far as {other}: {person} counted {number} hives in {year}.",
    ),
}


def paragraphs(page: int) -> list[str]:
    """Return a page's paragraphs, always the same, with the fact that is known of it."""
    draw = random.Random(page)
    language = "es" if page % 2 else "en"
    place, other, river = (_one(draw, _STARTS) + _one(draw, _ENDS) for _ in range(3))
    written = []
    for _ in range(_PARAGRAPHS):
        values = {
            "place": place,
            "other": other,
            "river": river,
            "person": f"{_one(draw, _PEOPLE)} {_one(draw, _STARTS)}{_one(draw, _ENDS)}",
        }
        chosen = draw.sample(_SENTENCES[language], 5)
        numbered = [
            sentence.format(**values, year=draw.randint(1500, 1990), number=draw.randint(2, 400)) for sentence in chosen
        ]
        written.append(" ".join(numbered))
    facts = [known.fact for known in KNOWN if known.page == page]
    return [place, *written[:2], *(f"{fact} {written[2]}" for fact in facts), *written[2 + len(facts) :]]


def _one(draw: random.Random, words: str) -> str:
    return draw.choice(words.split())


def pdf(pages: int = PAGES) -> bytes:
    """Return the book, a chapter a page, with bookmarks and page numbers."""
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate, Spacer

    styles, story, out = getSampleStyleSheet(), [], io.BytesIO()
    for page in range(1, pages + 1):
        title, *texts = paragraphs(page)
        story.append(Paragraph(title, styles["Heading2"]))
        for text in texts:
            story += [Paragraph(text, styles["BodyText"]), Spacer(1, 4)]
        story.append(PageBreak())
    document = SimpleDocTemplate(out, pagesize=A4, title="Villages", topMargin=30, bottomMargin=30)
    document.build(story, onFirstPage=_numbered, onLaterPages=_numbered)
    return out.getvalue()


def _numbered(sheet: object, document: object) -> None:
    sheet.drawCentredString(297, 15, str(document.page))  # type: ignore[attr-defined]
