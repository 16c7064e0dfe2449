"""A comparison as a JUnit report, which every build server shows: a test for each change."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from apiver.compare.change import Change, Comparison, Effect, NotCompared
from apiver.report.account import account
from apiver.report.shown import shown
from apiver.report.sides import Labels, labels
from apiver.report.text import reached, summary

# XML 1.0 has no way at all to write these (2.2, Characters).
_NO_CHARACTER = re.compile("[\ufffe\uffff]")


def junit(comparison: Comparison, *, failing: frozenset[Effect]) -> str:
    """A test suite in which a change with an effect of `failing` fails and any other passes.

    What was not compared is a skipped test. A suite is never empty: build servers take that for a mistake.
    """
    names = labels(comparison)
    title = f"apiver diff {shown(comparison.old.name)} -> {shown(comparison.new.name)}"
    cases = [_case(change, names, failing) for change in comparison.changes]
    cases += [_skipped(part) for part in comparison.not_compared]
    if not cases:
        cases.append(_test("apiver.diff", summary(comparison)))
    numbers = {
        "tests": str(len(cases)),
        "failures": str(sum(change.effect in failing for change in comparison.changes)),
        "errors": "0",
    }
    skipped = str(len(comparison.not_compared))
    suite = ElementTree.Element("testsuite", {"name": _legal(title), **numbers, "skipped": skipped})
    suite.extend(cases)
    root = ElementTree.Element("testsuites", numbers)
    root.append(suite)
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, "unicode") + "\n"


def _case(change: Change, names: Labels, failing: frozenset[Effect]) -> ElementTree.Element:
    title = shown(change.title)
    case = _test(reached(change.operations, 3), f"{title} ({change.rule})")
    lines = "\n".join(account(change, names))
    if change.effect in failing:
        message = f"{change.effect.value}: {title}"
        ElementTree.SubElement(case, "failure", type=change.rule, message=_legal(message)).text = _legal(
            lines
        )
    else:
        ElementTree.SubElement(case, "system-out").text = _legal(f"{change.effect.value}\n{lines}")
    return case


def _skipped(part: NotCompared) -> ElementTree.Element:
    case = _test("not compared", f"{part.side} {shown(str(part.place or part.pointer))}")
    ElementTree.SubElement(case, "skipped", message=_legal(shown(part.reason)))
    return case


def _test(group: str, name: str) -> ElementTree.Element:
    return ElementTree.Element("testcase", classname=_legal(group), name=_legal(name))


def _legal(text: str) -> str:
    return _NO_CHARACTER.sub("\ufffd", text)
