"""Words checked against figures: every number and direction in prose is led back to a figure of the report."""
