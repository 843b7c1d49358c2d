"""Tiny models with every kind of head: random weights, or weights whose answers are known."""

import json
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sentencepiece
import torch
from tokenizers import Tokenizer, models, pre_tokenizers, trainers
from transformers import (
    AutoModelForSequenceClassification,
    BertConfig,
    BertForTokenClassification,
    BertTokenizer,
    M2M100Config,
    M2M100ForConditionalGeneration,
    M2M100Tokenizer,
    MarianConfig,
    MarianMTModel,
    MarianTokenizer,
    MBart50Tokenizer,
    MBartConfig,
    MBartForConditionalGeneration,
    NllbTokenizer,
    T5Config,
    T5ForConditionalGeneration,
    T5Tokenizer,
    XLMRobertaConfig,
    XLMRobertaTokenizer,
)

from tests.inference.tiny_models import SENTENCES

# Words of the XLM-R vocabulary; "|" is where one falls into two tokens.
_NAMES = ("Ana", "Gar|cía", "Luis", "Mad|rid", "Lima", "ONU", "Perú")
_VERBS = ("vive", "trabaja", "comen")
_NOUNS = ("plantas", "luz", "sol|ar", "energía", "agua", "aire")
WORDS = (*_NAMES, *_VERBS, *_NOUNS, "en", "la", "el", "y", "de", "los", "verdes", "¿qué", "con")
SIGNS = ".,;:¿?¡!()-'\"«»"
_LETTERS = "abcdefghijklmnopqrstuvwxyzáéíóúüñABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


@contextmanager
def without_sacremoses() -> Iterator[None]:
    """Marian's tokenizer asks for it with a warning, for a method that nothing in transformers calls."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Recommended: pip install sacremoses")
        yield


def write_xlmr(folder: Path, head: Any, *, labels: Sequence[str] = ("a", "b"), positions: int = 34) -> Path:
    """An XLM-R of two layers with random weights; two of its positions are never used, as in the real ones."""
    tokenizer = _xlmr_tokenizer()
    tokenizer.save_pretrained(folder)
    torch.manual_seed(0)
    head(_xlmr_config(len(tokenizer), labels, positions)).save_pretrained(folder)
    return folder


def write_classifier(folder: Path, config: Any, labels: Sequence[str]) -> Path:
    """A classifier on any body, with XLM-R's tokenizer."""
    tokenizer = _xlmr_tokenizer()
    tokenizer.save_pretrained(folder)
    torch.manual_seed(0)
    names = {"id2label": dict(enumerate(labels)), "label2id": {label: number for number, label in enumerate(labels)}}
    config.update({"vocab_size": len(tokenizer), "pad_token_id": 1, "initializer_range": 0.3} | names)
    AutoModelForSequenceClassification.from_config(config).save_pretrained(folder)
    return folder


def write_marked_xlmr(folder: Path, head: Any, labels: Sequence[str], marks: Mapping[str, str]) -> Path:
    """An XLM-R whose head gives each token the label that `marks` has for it, and the first label to all others.

    Nothing but the token itself counts: its number picks a channel that all layers hand through. For question
    answering the labels are "", "start", "end" and "none"; "none" counts for both.
    """
    tokenizer = _xlmr_tokenizer()
    tokenizer.save_pretrained(folder)
    answers = "QuestionAnswering" in head.__name__
    model = head(_xlmr_config(len(tokenizer), labels[:2] if answers else labels, 34))
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if "LayerNorm.weight" not in name:
                parameter.zero_()
        words = model.roberta.embeddings.word_embeddings.weight
        words[:, 0] = 1
        for piece, label in marks.items():
            number = tokenizer.convert_tokens_to_ids(piece)
            words[number] = 0
            words[number, labels.index(label)] = 1
        _connect(model, labels)
    model.save_pretrained(folder)
    return folder


def _connect(model: Any, labels: Sequence[str]) -> None:
    if not hasattr(model, "qa_outputs"):
        for channel in range(len(labels)):
            model.classifier.weight[channel, channel] = 3
        return
    for output, own in enumerate(("start", "end")):
        model.qa_outputs.weight[output, labels.index(own)] = 4
        model.qa_outputs.weight[output, labels.index("none")] = 2.4


def _xlmr_config(vocabulary: int, labels: Sequence[str], positions: int) -> XLMRobertaConfig:
    return XLMRobertaConfig(
        vocab_size=vocabulary,
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=64,
        max_position_embeddings=positions,
        type_vocab_size=1,
        initializer_range=0.3,
        pad_token_id=1,
        id2label=dict(enumerate(labels)),
        label2id={label: number for number, label in enumerate(labels)},
    )


def _xlmr_tokenizer() -> XLMRobertaTokenizer:
    pieces = ["<s>", "<pad>", "</s>", "<unk>", "▁"]
    for word in WORDS:
        first, *rest = word.split("|")
        pieces += [f"▁{first}", *rest]
    scores = dict.fromkeys(pieces, -2.0) | {"<s>": 0.0, "<pad>": 0.0, "</s>": 0.0, "<unk>": 0.0}
    scores |= dict.fromkeys(SIGNS + _LETTERS, -10.0)
    return XLMRobertaTokenizer(vocab=[*scores.items(), ("<mask>", 0.0)])


def write_bert_tagger(folder: Path, labels: Sequence[str], positions: int = 24) -> Path:
    """A BERT whose word pieces are the letters of what it does not know."""
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    letters = sorted({letter for sentence in SENTENCES for letter in sentence.lower() if not letter.isspace()})
    pieces = [*special, *letters, *(f"##{letter}" for letter in letters), "plantas", "##ción"]
    tokenizer = BertTokenizer(vocab={piece: number for number, piece in enumerate(pieces)}, strip_accents=False)
    tokenizer.save_pretrained(folder)
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(pieces),
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=positions,
        initializer_range=0.5,
        id2label=dict(enumerate(labels)),
        label2id={label: number for number, label in enumerate(labels)},
    )
    BertForTokenClassification(config).save_pretrained(folder)
    return folder


def write_marian(folder: Path, languages: Sequence[str] = ()) -> Path:
    """A Marian model as the Hub has them: two sentencepiece files, and a vocabulary of its own numbers.

    `languages` (">>spa<<") are those of a model with several targets.
    """
    pieces = _sentencepiece(folder)
    names = ["</s>", "<unk>", *languages, *(piece for piece in pieces if not piece.startswith("<")), "<pad>"]
    vocabulary = {name: number for number, name in enumerate(names)}
    (folder / "vocab.json").write_text(json.dumps(vocabulary), encoding="utf-8")
    spm = str(folder / "sentencepiece.bpe.model")
    with without_sacremoses():
        MarianTokenizer(spm, spm, str(folder / "vocab.json"), model_max_length=40).save_pretrained(folder)
    torch.manual_seed(0)
    pad = vocabulary["<pad>"]
    config = MarianConfig(
        vocab_size=len(names),
        max_position_embeddings=40,
        pad_token_id=pad,
        eos_token_id=0,
        decoder_start_token_id=pad,
        forced_eos_token_id=0,
        num_beams=3,
        bad_words_ids=[[pad]],
        **_SIZES,
    )
    MarianMTModel(config).save_pretrained(folder)
    return folder


def write_t5(folder: Path) -> Path:
    """A T5 with relative positions; its tokenizer says how many tokens it was trained on."""
    pieces = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), *_unigram()]
    tokenizer = T5Tokenizer(vocab=pieces, extra_ids=0, model_max_length=40)
    tokenizer.save_pretrained(folder)
    torch.manual_seed(0)
    config = T5Config(
        vocab_size=len(tokenizer),
        d_model=32,
        d_kv=8,
        d_ff=64,
        num_layers=2,
        num_heads=4,
        initializer_factor=4.0,
        decoder_start_token_id=0,
        pad_token_id=0,
        eos_token_id=1,
    )
    T5ForConditionalGeneration(config).save_pretrained(folder)
    return folder


def write_nllb(folder: Path) -> Path:
    """An M2M100 with NLLB's tokenizer, in which languages are tokens named like spa_Latn."""
    trained = Tokenizer(models.BPE(unk_token="<unk>"))
    trained.pre_tokenizer = pre_tokenizers.Metaspace()
    special = ["<s>", "<pad>", "</s>", "<unk>"]
    trainer = trainers.BpeTrainer(vocab_size=160, special_tokens=special, show_progress=False)
    trained.train_from_iterator(SENTENCES, trainer)
    bpe = json.loads(trained.to_str())["model"]
    tokenizer = NllbTokenizer(vocab=bpe["vocab"], merges=[tuple(merge) for merge in bpe["merges"]])
    tokenizer.save_pretrained(folder)
    _write_m2m100_model(folder, len(tokenizer))
    return folder


def write_m2m100(folder: Path) -> Path:
    """An M2M100 with its own tokenizer, in which languages are tokens named like __es__."""
    pieces = ["<s>", "<pad>", "</s>", "<unk>", *(piece for piece in _sentencepiece(folder) if piece[0] != "<")]
    vocabulary = {name: number for number, name in enumerate(pieces)}
    (folder / "vocab.json").write_text(json.dumps(vocabulary), encoding="utf-8")
    tokenizer = M2M100Tokenizer(str(folder / "vocab.json"), str(folder / "sentencepiece.bpe.model"))
    tokenizer.save_pretrained(folder)
    _write_m2m100_model(folder, len(tokenizer) + 108)
    return folder


def write_mbart(folder: Path) -> Path:
    """An mBART-50, in which languages are tokens named like es_XX."""
    tokenizer = MBart50Tokenizer(vocab=[("<unk>", 0.0), ("<s>", 0.0), ("</s>", 0.0), *_unigram()], src_lang="es_XX")
    tokenizer.save_pretrained(folder)
    torch.manual_seed(0)
    config = MBartConfig(
        vocab_size=len(tokenizer), max_position_embeddings=40, decoder_start_token_id=2, forced_eos_token_id=2, **_SIZES
    )
    MBartForConditionalGeneration(config).save_pretrained(folder)
    return folder


_SIZES: dict[str, Any] = {
    "d_model": 32,
    "encoder_layers": 2,
    "decoder_layers": 2,
    "encoder_attention_heads": 4,
    "decoder_attention_heads": 4,
    "encoder_ffn_dim": 64,
    "decoder_ffn_dim": 64,
    "init_std": 0.3,  # far apart, so that rounding does not decide which token is best
}


def _write_m2m100_model(folder: Path, vocabulary: int) -> None:
    torch.manual_seed(0)
    config = M2M100Config(
        vocab_size=vocabulary,
        max_position_embeddings=40,
        pad_token_id=1,
        bos_token_id=0,
        eos_token_id=2,
        decoder_start_token_id=2,
        **_SIZES,
    )
    M2M100ForConditionalGeneration(config).save_pretrained(folder)


def _unigram() -> list[tuple[str, float]]:
    trained = Tokenizer(models.Unigram())
    trained.pre_tokenizer = pre_tokenizers.Metaspace()
    trainer = trainers.UnigramTrainer(vocab_size=120, unk_token="<unk>", show_progress=False)
    trained.train_from_iterator(SENTENCES * 4, trainer)
    pieces: list[tuple[str, float]] = json.loads(trained.to_str())["model"]["vocab"]
    return [(piece, score) for piece, score in pieces if piece != "<unk>"]


def _sentencepiece(folder: Path) -> list[str]:
    """Train sentencepiece.bpe.model; returns its pieces."""
    prefix = folder / "sentencepiece.bpe"
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(SENTENCES * 4),
        model_prefix=str(prefix),
        vocab_size=120,
        minloglevel=2,
        hard_vocab_limit=False,
    )
    processor = sentencepiece.SentencePieceProcessor(model_file=f"{prefix}.model")
    return [processor.id_to_piece(number) for number in range(processor.get_piece_size())]
