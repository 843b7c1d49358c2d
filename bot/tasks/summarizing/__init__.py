"""Drafts of a summary, their lengths, and what is taken from the text itself."""
