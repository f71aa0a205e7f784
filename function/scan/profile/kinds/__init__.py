"""How values are written: what the text of each kind must match, what orders it, which kind is preferred."""
