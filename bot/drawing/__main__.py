"""Draw one picture: what to draw comes as JSON on standard input, the PNG goes to standard output."""

import importlib
import json
import os
import pkgutil
import sys
from io import BytesIO

import bot.drawing


def main() -> None:
    """Draw what is asked for; ends with a status other than 0, and the reason on standard error, if that fails."""
    asked = json.load(sys.stdin.buffer)
    # What a library prints must not mix with the picture.
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    if asked["picture"] not in {module.name for module in pkgutil.iter_modules(bot.drawing.__path__)}:
        raise LookupError(asked["picture"])
    import matplotlib as mpl

    mpl.rcParams["text.parse_math"] = False  # people's words may hold dollar signs
    figure = importlib.import_module(f"bot.drawing.{asked['picture']}").draw(asked["data"])
    png = BytesIO()
    figure.savefig(png, format="png", dpi=bot.drawing.DPI)
    out.write(png.getvalue())
    out.close()


if __name__ == "__main__":
    main()
