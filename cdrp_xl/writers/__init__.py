"""What writes a workbook: one library each, and none knows another."""
