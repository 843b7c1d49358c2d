"""The library: what a group studies, read, cut into passages, indexed and searched."""
