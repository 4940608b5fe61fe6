"""What is sent to partners: messages, the mail server that takes them, and files encrypted with a password."""
