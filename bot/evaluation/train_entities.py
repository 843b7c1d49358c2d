"""Trains bot/tasks/naming/head.safetensors: `python -m bot.evaluation.train_entities`.

The sentences are made from templates (entity_lists/templates_*.txt) and the names that name_lists reads. Two in five
names are hidden from the marks of known names, so that the head learns to do without. Needs the extras "eval" and
"names", and the encoder. Prints the accuracy on names and templates that were kept out, then trains on all.
"""

import asyncio
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import structlog

from bot.config import Settings
from bot.evaluation import name_lists
from bot.tasks.encoder_head import ENCODER, Head, embed
from bot.tasks.models import Models
from bot.tasks.naming import head as entity_head
from bot.tasks.naming.found import Candidate, capitals
from bot.tasks.naming.marks import NUMBER, context, marks
from bot.tasks.naming.names import KINDS

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]
    Flags = npt.NDArray[np.bool_]

SEED = 1
_EACH = 20  # sentences of each template
_HIDDEN = 0.4
# Inverse strength of the regularization, and how much more than the vectors the marks may weigh: of 0.001, 0.003 and
# 0.01, of 1 and 3, these made the fewest mistakes on the set for tuning. Invented names among the others made more.
_C = 0.001
_MARKS = 3.0
_KEPT_OUT = 0.2
_SLOT = re.compile(r"\{(\w)\}")
_TYPES = {"P": "PER", "p": "PER", "s": "PER", "O": "ORG", "L": "LOC"}

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Example:
    """A stretch of a made sentence and what it is; `template` says of which."""

    template: str
    name: str
    around: str
    marked: list[float]
    label: str


class Names:
    """Draws names for the slots of templates."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.first, self.surnames = sorted(name_lists.first_names()), sorted(name_lists.surnames())
        own, all_places = name_lists.own("places"), sorted(name_lists.places())
        one = chance.choice
        self.slots: dict[str, Callable[[], str]] = {
            "P": self.person,
            "p": lambda: one(self.first),
            "s": lambda: one(self.surnames),
            "O": lambda: one(organizations),
            "L": lambda: one(own if chance.random() < 0.5 else all_places),
            "X": lambda: one(others),
        }
        organizations, others = name_lists.own("organizations"), name_lists.own("others")

    def person(self) -> str:
        """Return a first name with a surname, or with two as in Spanish."""
        surnames = self.chance.choices(self.surnames, k=2 if self.chance.random() < 0.3 else 1)
        return " ".join([self.chance.choice(self.first), *surnames])

    def fill(self, template: str) -> tuple[str, dict[tuple[int, int], str]]:
        """Return a sentence, and what stands where in it."""
        text, where, position = "", {}, 0
        for slot in _SLOT.finditer(template):
            text += template[position : slot.start()]
            name, position = self.slots[slot[1]](), slot.end()
            if slot[1] in _TYPES:
                where[len(text), len(text) + len(name)] = _TYPES[slot[1]]
            text += name
        return text + template[position:], where


def examples(chance: random.Random) -> Iterator[Example]:
    """Yield examples of both languages."""
    names = Names(chance)
    for language in ("es", "en"):
        lines = (name_lists.LISTS / f"templates_{language}.txt").read_text(encoding="utf-8").splitlines()
        for template in lines:
            for _ in range(_EACH):
                text, where = names.fill(template)
                for item in capitals(text):
                    yield _example(chance, template, text, item, where.get((item.start, item.end), ""))


def _example(chance: random.Random, template: str, text: str, item: Candidate, label: str) -> Example:
    hidden = [kind for kind in KINDS if kind != "word" and chance.random() < _HIDDEN]
    return Example(template, item.text, context(text, item), marks(text, item, hidden), label)


async def train(models: Models) -> dict[str, float]:
    """Write the head's weights; return its accuracy on names and templates kept out of a training before."""
    chance = random.Random(SEED)  # noqa: S311 - sentences, no secrets
    made = await asyncio.to_thread(lambda: list(examples(chance)))
    names, around = await _vectors(models, [e.name for e in made]), await _vectors(models, [e.around for e in made])
    return await asyncio.to_thread(_fit_and_write, made, names, around, chance)


async def _vectors(models: Models, texts: list[str]) -> "Floats":
    once = sorted(set(texts), key=len)
    vectors = await embed(models, once)
    place = {text: index for index, text in enumerate(once)}
    found: Floats = vectors[[place[text] for text in texts]]
    return found


def _fit_and_write(made: list[Example], names: "Floats", around: "Floats", chance: random.Random) -> dict[str, float]:
    import numpy as np
    from safetensors.numpy import save_file

    rows = entity_head.features(names, around, np.array([e.marked for e in made], dtype=np.float32))
    labels = np.array([entity_head.CLASSES.index(e.label) for e in made])
    out_names, out_templates = _some({e.name for e in made}, chance), _some({e.template for e in made}, chance)
    test = np.array([e.name in out_names and e.template in out_templates for e in made])
    seen = np.array([e.name not in out_names and e.template not in out_templates for e in made])
    accuracy = float((_guess(_fit(rows[seen], labels[seen]), rows[test]) == labels[test]).mean())
    head = _fit(rows, labels)
    tensors = {"weight": head.weight, "bias": head.bias}
    save_file(tensors, entity_head.FILE, metadata={"encoder": ENCODER})
    return {"accuracy": accuracy, "examples": len(made), "kept out": int(test.sum())}


def _some(items: set[str], chance: random.Random) -> set[str]:
    return {item for item in sorted(items) if chance.random() < _KEPT_OUT}


def _guess(head: Head, rows: "Floats") -> Any:
    return head.probabilities(rows).argmax(axis=1)


def _fit(rows: "Floats", labels: Any) -> Head:
    """Return a logistic regression over scaled features, with the scaling folded into its weights."""
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    mean, deviation = rows.mean(axis=0), rows.std(axis=0)
    deviation[deviation < 1e-6] = 1
    deviation[-NUMBER:] /= _MARKS
    fitted = LogisticRegression(C=_C, max_iter=500).fit((rows - mean) / deviation, labels)
    weight = (fitted.coef_ / deviation).T.astype(np.float32)
    bias = (fitted.intercept_ - mean @ weight).astype(np.float32)
    return Head(np.ascontiguousarray(weight), bias)


async def main() -> None:
    """Train with the encoder of this machine."""
    from bot.inference.manager import Manager

    settings = Settings()
    manager = Manager(settings.data_dir / "models")
    try:
        _log.info("trained", **await train(Models(manager, "", priority="background")))
    finally:
        await manager.close()


if __name__ == "__main__":
    asyncio.run(main())
