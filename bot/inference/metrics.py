"""What Prometheus reads about inference. Labels name models, never people or what they write."""

from prometheus_client import Counter, Histogram

_SECONDS = (0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300)

QUEUE_SECONDS = Histogram(
    "tertulia_queue_seconds", "From a request's arrival at its loaded model to its start.", ["model"], buckets=_SECONDS
)
FIRST_TOKEN_SECONDS = Histogram(
    "tertulia_first_token_seconds",
    "From a request's arrival at its loaded model to the first token.",
    ["model"],
    buckets=_SECONDS,
)
PROMPT_TOKENS = Counter("tertulia_prompt_tokens", "Tokens of prompts that chat models began to read.", ["model"])
TOKENS = Counter("tertulia_tokens", "Tokens that chat models wrote.", ["model"])
TEXTS = Counter("tertulia_texts", "Texts that models other than chat models worked on.", ["model"])
BATCH_SIZE = Histogram(
    "tertulia_batch_size",
    "Requests in one step of a chat model, or texts in one call of another.",
    ["model"],
    buckets=(1, 2, 4, 8, 16, 32, 64, 128, 256),
)
LOAD_SECONDS = Histogram(
    "tertulia_load_seconds", "Time that loads took which succeeded, warm-up included.", ["model"], buckets=_SECONDS
)
LOADS = Counter("tertulia_loads", "Loads by outcome: loaded or failed.", ["model", "outcome"])
EVICTIONS = Counter("tertulia_evictions", "Unloads by reason: memory or idle.", ["model", "reason"])
CANCELS = Counter("tertulia_cancels", "Requests whose caller went away: queued or running.", ["model", "stage"])
FAILURES = Counter("tertulia_failures", "Requests that failed, by the kind of error.", ["model", "error"])
