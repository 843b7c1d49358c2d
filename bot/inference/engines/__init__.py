"""Engines: the only files that import the libraries of inference."""

import sys

# Importing openvino would send its version and the machine's system to its maker's statistics, from a forked copy of
# the process. Nothing leaves this machine: openvino takes a missing module for "no", and says nothing.
sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]
