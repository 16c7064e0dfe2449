"""Random contracts and values, and what plain `jsonschema` says of them: the comparison judged from outside.

Nothing here uses the comparison's own reading of schemas, its sampler or its judge.
"""
