"""What is declared and observed, laid over what is inferred."""
