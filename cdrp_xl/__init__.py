"""cdrp-xl: quarterly crime performance reports for Community Safety Partnerships."""

__version__ = "0.1.0"
