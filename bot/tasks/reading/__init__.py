"""What texts say, and whether another says the same: sentences, facts, evidence."""
