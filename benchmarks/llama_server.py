"""llama.cpp's server on a GGUF file, until its standard input ends: `llama_server.py FILE SLOTS CONTEXT THREADS`.

Runs in the environment that llama.py makes, which has xllamacpp and nothing of the bot.
"""

import json
import sys

import xllamacpp  # type: ignore[import-not-found]


def main(file: str, slots: int, context: int, threads: int) -> None:
    """Serve the file: so many requests side by side, each with so many tokens of context."""
    params = xllamacpp.CommonParams()
    params.model.path = file
    params.n_parallel = slots
    params.n_ctx = slots * context
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = threads
    params.verbosity = 0
    # Continuous batching and the prompt cache are on by default; said here because they are what is measured.
    params.cont_batching = params.cache_prompt = True
    server = xllamacpp.Server(params)
    print(json.dumps(server.listening_address), flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main(sys.argv[1], *(int(argument) for argument in sys.argv[2:]))
