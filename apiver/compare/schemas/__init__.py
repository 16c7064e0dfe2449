"""Whether every value of one schema is a value of another, and values that show that it is not."""
