"""What a test says on its two ways out."""
