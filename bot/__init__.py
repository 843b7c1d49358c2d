"""Tertulia: a Telegram bot for study groups, with language models on the group's own machine."""
