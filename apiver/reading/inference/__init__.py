"""The contract read from a view's code: an abstract interpreter that never runs it.

`views.py` tells the story of one view; `shapes.py`, `facts.py` and `state.py` are the words it is told in.
"""
