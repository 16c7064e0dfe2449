"""From suspicion to proof: whole messages, and the judge who knows nothing of the comparing."""
