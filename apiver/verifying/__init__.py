"""Holding an app against its contract: requests that the contract allows are made, and the answers judged."""
