"""Which of several translations of one text the others agree with most.

What a small model gets wrong it gets wrong differently each time, so the one in the middle is seldom the wrong one:
minimum Bayes risk decoding (Kumar & Byrne 2004) with overlapping character n-grams, as chrF counts them (Popović 2015).
"""

from collections import Counter
from collections.abc import Sequence

_LENGTHS = range(1, 7)


def most_agreed(texts: Sequence[str]) -> str:
    """Return the text that is most like all of them; the first of them among equals."""
    counted = [[_grams(text, length) for length in _LENGTHS] for text in texts]
    scores = [sum(_likeness(own, other) for other in counted) for own in counted]
    return texts[max(range(len(texts)), key=lambda place: (round(scores[place], 9), -place))]


def _grams(text: str, length: int) -> Counter[str]:
    letters = "".join(text.split())
    return Counter(letters[start : start + length] for start in range(len(letters) - length + 1))


def _likeness(first: Sequence[Counter[str]], second: Sequence[Counter[str]]) -> float:
    """Return the F1 of shared n-grams, 0 to 1, averaged over their lengths."""
    shares = []
    for left, right in zip(first, second, strict=True):
        total = left.total() + right.total()
        if total:
            shares.append(2 * (left & right).total() / total)
    return sum(shares) / len(shares) if shares else 0.0
