"""What a translation must keep, how it is asked for, and which of several is taken."""
