"""The people's side over HTTP. docs/playground.md describes it."""
