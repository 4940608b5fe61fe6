"""What makes files: one library to a module, and none knows another's."""
