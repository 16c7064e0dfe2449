"""What the reader computes with: shapes, the state of a path, and facts about the request."""
