"""A comparison as YAML: the JSON report, easier on the eye."""

from __future__ import annotations

import re
from typing import Any

from apiver.compare.change import Comparison
from apiver.report.json import json_text, report
from apiver.report.shown import shown

# Plain words that readers of YAML 1.1 take for texts and those of 1.2 for numbers.
_NUMBER_IN_1_2 = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z|0o[0-7]+\Z")


def yaml(comparison: Comparison) -> str:
    """The report of `apiver.report.json` as YAML, which every reader of YAML 1.1 and 1.2 reads as the same.

    A report that is nested too deep for a writer of YAML is written as JSON, which is YAML too.
    """
    import yaml as pyyaml

    dumper = plain_dumper()

    def text(writer: pyyaml.SafeDumper, value: str) -> pyyaml.ScalarNode:
        quoted = _NUMBER_IN_1_2.match(value) or shown(value) != value
        return writer.represent_scalar("tag:yaml.org,2002:str", value, style='"' if quoted else None)

    dumper.add_representer(str, text)
    # What a file holds may be of a kind of its own that knows where it stood.
    dumper.add_multi_representer(dict, pyyaml.SafeDumper.represent_dict)
    dumper.add_multi_representer(list, pyyaml.SafeDumper.represent_list)
    dumper.add_multi_representer(str, text)
    whole = report(comparison)
    try:
        return pyyaml.dump(whole, Dumper=dumper, sort_keys=False, allow_unicode=True, width=110)
    except RecursionError:
        return json_text(whole)


def plain_dumper() -> Any:
    """A new kind of PyYAML's safe dumper: lists are indented below their key, and nothing is an alias."""
    import yaml as pyyaml

    class Dumper(pyyaml.SafeDumper):
        def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
            super().increase_indent(flow, False)

        def ignore_aliases(self, data: Any) -> bool:
            return True

    return Dumper
