"""Telegram's rules of chats, messages, files and polls, whoever acts."""
