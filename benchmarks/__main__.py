"""Run the benchmarks one after another and write benchmarks/RESULTS.md: `python -m benchmarks [NAME ...]`."""

import argparse
import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import machine, results

ROOT = Path(__file__).parents[1]
ALL = ("inference", "overhead", "responsiveness", "startup", "memory", "embed", "library", "tasks", "playground")
GPU = "gpu"


def run(name: str, *options: str) -> object:
    """Run one script, showing what it writes; returns its last line's JSON, None if it failed."""
    print(f"== {name}", flush=True)
    command = [sys.executable, "-m", f"benchmarks.{name}", *options]
    last = ""
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as script:
        assert script.stdout is not None
        for line in script.stdout:
            print(line, end="", flush=True)
            last = line
    try:
        return json.loads(last) if script.returncode == 0 else None
    except ValueError:
        return None


def about() -> str:
    """Return when and where this is, in one paragraph; the load tells whether the machine was busy besides."""
    load = f"load {os.getloadavg()[0]:.1f} before" if hasattr(os, "getloadavg") else ""
    facts = (f"{datetime.now(UTC):%Y-%m-%d}", machine.described(), machine.versions(), load)
    return ". ".join(fact for fact in facts if fact) + "."


def main() -> None:
    """Run what the arguments name, or everything that needs no GPU."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join((*ALL, GPU))}; none: all but {GPU}")
    parser.add_argument("--quick", action="store_true", help="see whether all works; nothing is written down")
    arguments = parser.parse_args()
    if unknown := set(arguments.names) - {*ALL, GPU}:
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}")
    failed = []
    for name in arguments.names or ALL:
        before = about()
        figures = run(name, *(["--quick"] if arguments.quick else []))
        if figures is None:
            failed.append(name)
        elif not arguments.quick:
            results.record(name, before, figures)
    if failed:
        raise SystemExit(f"These failed: {', '.join(failed)}.")


if __name__ == "__main__":
    main()
