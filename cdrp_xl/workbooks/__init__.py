"""The order of work: new, refresh, publish, and the partners' returns."""
