"""The contract seen in recorded requests (`apiver record`), and what it adds to the one read from code."""
