"""How /entities finds names: where they may be, what they stand for."""
