"""The catalogue: for every rule its title, what breaks and for whom, what to do instead, and its source.

A rule is data: adding one is adding an entry to the module of its area here, and its pair of contracts under
`fixtures/rules/<id>/`. An id reads `<direction>-<what>-<how>` and equals oasdiff's id wherever the meaning is
the same.
"""

from apiver.compare.rules.catalogue import catalogue, direction_of, rule
from apiver.compare.rules.rule import Area, Direction, Rule
from apiver.compare.rules.schema import Move, sentence, suffix

__all__ = ["Area", "Direction", "Move", "Rule", "catalogue", "direction_of", "rule", "sentence", "suffix"]
