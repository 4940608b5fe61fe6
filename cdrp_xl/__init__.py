"""cdrp-xl: quarterly crime performance reports for Community Safety Partnerships."""

__version__ = "0.1.0"

XLWINGS = "0.37"
"""The minor version of xlwings that this version was made for; pyproject.toml asks for the same."""
