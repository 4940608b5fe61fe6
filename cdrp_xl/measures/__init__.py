"""The arithmetic of the report: change, chance, position. Every function is a published rule with its source."""
