"""What makes a shelf searchable: its passages' stems in BM25, and their vectors, side by side in memory.

Takes 2 KB a passage for vectors of 384 dimensions and their sketches, about as much for its words and 4 bytes a word.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]
    Numbers = npt.NDArray[np.int64]
    Stems = npt.NDArray[np.int32]

# Reciprocal rank fusion: Cormack, Clarke, Büttcher 2009, who found 60 to be good everywhere.
_RRF = 60
# So many of each ranking are fused; what is below in both is no good hit.
_DEEP = 100


# Beyond so many vectors they are first compared in so many of their principal directions, and exactly only the best.
# That reads a quarter of the memory, which is what the time goes into.
_MANY, _SKETCHED, _EXACT = 8192, 96, 1000


@dataclass(frozen=True, slots=True)
class Scored:
    """A passage by its row: `score` by rank in both rankings, `similarity` the cosine to the query, 0 if unknown."""

    row: int
    score: float
    similarity: float


class Words:
    """The BM25 index of passages' stems, and the stems in their order."""

    def __init__(self, passages: Sequence[Sequence[str]]) -> None:
        import bm25s
        import numpy as np

        self._known: dict[str, int] = {}
        ids = [[self._known.setdefault(stem, len(self._known)) for stem in stems] for stems in passages]
        self._starts = np.cumsum([0, *map(len, ids)])
        self._stems = np.fromiter((stem for found in ids for stem in found), np.int32, count=int(self._starts[-1]))
        self._bm25: Any = bm25s.BM25(method="lucene") if self._known else None
        if self._bm25:
            self._bm25.index((ids, self._known), show_progress=False)

    def scores(self, stems: Sequence[str]) -> "Floats | None":
        """Return each passage's score, None where no passage has any of the stems."""
        ids = [self._known[stem] for stem in stems if stem in self._known]
        found: Floats | None = self._bm25.get_scores_from_ids(ids) if ids else None
        return found

    def saying(self, phrase: Sequence[Sequence[str]]) -> "Numbers":
        """Return the rows of the passages that have words one after another; each is given by all its stems."""
        import numpy as np

        words = [[self._known[stem] for stem in stems if stem in self._known] for stems in phrase]
        if not all(words):
            return np.empty(0, np.int64)
        rarest = min(range(len(words)), key=lambda place: sum(map(self._frequency, words[place])))
        at = np.flatnonzero(_among(self._stems, words[rarest])) - rarest
        at = at[(at >= 0) & (at + len(words) <= len(self._stems))]
        for place, stems in enumerate(words):
            at = at[_among(self._stems[at + place], stems)]
        first, last = (np.searchsorted(self._starts, end, side="right") - 1 for end in (at, at + len(words) - 1))
        return np.unique(first[first == last])

    def _frequency(self, stem: int) -> int:
        """Return how many passages have a stem."""
        starts = self._bm25.scores["indptr"]
        return int(starts[stem + 1] - starts[stem])


def _among(stems: "Stems", wanted: Sequence[int]) -> "npt.NDArray[np.bool_]":
    found: npt.NDArray[np.bool_] = stems == wanted[0]
    for stem in wanted[1:]:
        found |= stems == stem
    return found


class Vectors:
    """Passages' vectors; zeros where a passage has none yet."""

    def __init__(self, rows: int, dimensions: int) -> None:
        import numpy as np

        self._exact = np.zeros((rows, dimensions), np.float32)
        self._directions: Floats | None = None
        self._sketches: Floats | None = None

    @property
    def dimensions(self) -> int:
        """How many numbers a vector has."""
        return self._exact.shape[1]

    def put(self, rows: Sequence[int], vectors: "Floats") -> None:
        """Set some passages' vectors."""
        self._exact[rows] = vectors
        self._directions = self._sketches = None

    def sketch(self) -> None:
        """Make comparing fast, once all vectors are set."""
        import numpy as np

        if len(self._exact) > _MANY and self._exact.shape[1] > _SKETCHED:
            _, directions = np.linalg.eigh(self._exact.T @ self._exact)
            self._directions = np.ascontiguousarray(directions[:, -_SKETCHED:])
            self._sketches = self._exact @ self._directions

    def first(self, vector: "Floats", only: "Numbers | None") -> list[int]:
        """Return the rows nearest to a vector, the nearest first; of these rows, if given."""
        import numpy as np

        rows = only
        if rows is None and self._sketches is not None and self._directions is not None:
            near = self._sketches @ (vector @ self._directions)
            rows = np.argpartition(-near, _EXACT)[:_EXACT]
        scores = self._exact @ vector if rows is None else self._exact[rows] @ vector
        best = _best(scores)
        return [int(row) for row in (best if rows is None else rows[best])]

    def similarities(self, rows: Sequence[int], vector: "Floats") -> list[float]:
        """Return some passages' cosines to a vector."""
        return [float(one) for one in self._exact[rows] @ vector]


def ranked(
    words: "Floats | None", vectors: Vectors | None, vector: "Floats | None", only: "Numbers | None" = None
) -> list[Scored]:
    """Return the passages that come first by words or by meaning, fused by rank; `only` these rows, if given."""
    rankings = [] if words is None else [_by_words(words, only)]
    if vectors is not None and vector is not None:
        rankings.append(vectors.first(vector, only))
    fused: dict[int, float] = {}
    for ranking in rankings:
        for rank, row in enumerate(ranking, 1):
            fused[row] = fused.get(row, 0.0) + 1 / (_RRF + rank)
    order = sorted(fused, key=lambda row: (-fused[row], row))
    known = vectors.similarities(order, vector) if order and vectors is not None and vector is not None else None
    return [Scored(row, fused[row], known[place] if known else 0.0) for place, row in enumerate(order)]


def _by_words(scores: "Floats", only: "Numbers | None") -> list[int]:
    best = _best(scores if only is None else scores[only])
    return [int(row) for row in (best if only is None else only[best])]


def _best(scores: "Floats") -> "Numbers":
    """Return the places of the highest scores above 0, at most `_DEEP`; equals in their order, which is the text's."""
    import numpy as np

    places = np.flatnonzero(scores > 0)
    if len(places) > _DEEP:
        places = places[np.argpartition(-scores[places], _DEEP)[:_DEEP]]
    found: Numbers = places[np.lexsort((places, -scores[places]))]
    return found
