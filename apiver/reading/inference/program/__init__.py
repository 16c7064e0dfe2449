"""What Python does: names, expressions, statements, calls."""
