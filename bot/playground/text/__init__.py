"""Formatted text: what Telegram reads in it and finds in it."""
