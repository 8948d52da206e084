"""Peak months, Tết gifts and visits: the list, the gifts from a fund, progress and result."""
