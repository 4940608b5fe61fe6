"""One module per publisher: reads its files, checks them, hands on a tidy table."""
