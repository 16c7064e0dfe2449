"""What the client sent, held against a finished schema."""

from __future__ import annotations

import ast

from apiver.reading.inference.frame import Frame, Read
from apiver.reading.inference.values.described import followed
from apiver.reading.inference.values.facts import DESCRIBED, GIVEN, NOTHING, PRESENT, Fact, Facts, Subject
from apiver.reading.inference.values.shapes import Asked, Described, Known, Value


def matches(instance: Value, described: Described, frame: Frame, node: ast.AST) -> Facts:
    """What holds of the request where `instance` is a value of a finished schema.

    The text of a body counts as the JSON that it is read as.
    """
    if not isinstance(instance, Asked):
        return NOTHING
    subject = instance.subject
    if subject.location == "raw":
        subject = Subject("json")
        frame.reader.journal.reads.append(Read(subject, frame.place(node)))
    facts = {Fact(subject, DESCRIBED, (described,))}
    schema = followed(described)
    kinds = schema.get("type")
    if isinstance(kinds, str) and kinds != "null":
        facts.add(Fact(subject, GIVEN))
        empty = instance.instead == Known(())  # an empty object stands for what was not sent
        if instance.nullable or subject != instance.subject or (empty and schema.get("required")):
            facts.add(Fact(subject, PRESENT))
    return frozenset(facts)
