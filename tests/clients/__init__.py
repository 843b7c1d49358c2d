"""Bots on other people's libraries, against the playground; README.md says what each bot does."""
