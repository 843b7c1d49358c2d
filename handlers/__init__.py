"""Command handlers, one file per group of commands; each ends in HANDLERS."""
