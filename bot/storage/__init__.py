"""What the bot remembers: tables and plain functions over a session."""
