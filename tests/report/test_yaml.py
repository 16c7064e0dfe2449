from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml as pyyaml

from apiver.compare.change import Comparison, Part
from apiver.contract.document import Place
from apiver.contract.yaml_text import read_yaml
from apiver.report.json import json as json_report
from apiver.report.yaml import yaml

Make = Callable[..., Comparison]
ALL = ("required", "held", "default", "sort", "summary")


def test_it_says_what_the_json_report_says(made: Make) -> None:
    comparison = made(*ALL, unread=True)
    assert pyyaml.safe_load(yaml(comparison)) == json.loads(json_report(comparison))
    assert yaml(comparison) == yaml(made(*ALL, unread=True))


def test_it_is_easy_to_read(made: Make) -> None:
    assert yaml(made("default")).splitlines()[:17] == [
        'apiver: "1"',
        "old:",
        "  name: v1",
        "  title: Bookshop",
        '  version: "1"',
        "  operations: 7",
        "new:",
        "  name: v2",
        "  title: Bookshop",
        '  version: "2"',
        "  operations: 8",
        "summary:",
        "  breaking: 0",
        "  risky: 1",
        "  compatible: 0",
        "  docs: 0",
        "changes:",
    ]


TEXTS = ["on", "~", "0755", "2024-10-01", "1e3", "1.5", ".5", "0o17", "1_000", "0x1F", "12:30:45", "", " a "]
TEXTS += ["a: b", "# x", "a\nb", "\u2028", "\x1b[0m\u202e"]


@pytest.mark.parametrize("value", [*TEXTS, 10**30, 1.5, 1e300, True, None, {"on": ["off"]}])
def test_readers_of_both_versions_of_yaml_read_the_same_value(made: Make, value: Any) -> None:
    """PyYAML reads by YAML 1.1, our own reader by 1.2."""
    written = yaml(made("default", old=Part("/a", value, Place("a", 1))))
    for whole in (pyyaml.safe_load(written), read_yaml(written.encode(), "report.yaml")[0]):
        found = whole["changes"][0]["old"]["value"]
        assert (found, type(found)) == (value, type(value))


def test_kinds_of_our_own_are_written_as_what_they_are(made: Make) -> None:
    class Items(list[int]):
        pass

    class Members(dict[str, int]):
        pass

    written = pyyaml.safe_load(yaml(made("default", old=Part("/a", {"a": Items([1]), "b": Members(c=2)}))))
    assert written["changes"][0]["old"]["value"] == {"a": [1], "b": {"c": 2}}


def test_a_value_of_many_levels_comes_through(made: Make) -> None:
    deep: Any = 1
    for _ in range(400):
        deep = [deep]
    written = json.loads(yaml(made("default", old=Part("/a", deep))))
    assert written["changes"][0]["old"]["value"] == deep


def test_hostile_strings_stay_strings(hostile: tuple[str, Comparison]) -> None:
    said, comparison = hostile
    change = pyyaml.safe_load(yaml(comparison))["changes"][0]
    assert change["title"].encode("utf-16", "surrogatepass") == said.encode("utf-16", "surrogatepass")
    assert "\x1b" not in yaml(comparison)


def test_nothing_is_an_alias(made: Make) -> None:
    shared = {"a": [1]}
    written = yaml(made("default", old=Part("/a", shared), new=Part("/a", shared)))
    assert "&id" not in written


def test_a_file_read_as_yaml_can_be_written_as_yaml(tmp_path: Path) -> None:
    from apiver.compare import diff
    from apiver.contract.reader import read

    orders = Path(__file__).parents[2] / "fixtures" / "contracts" / "orders"
    written = pyyaml.safe_load(yaml(diff(read(str(orders / "v1.yaml")), read(str(orders / "v2.yaml")))))
    assert written["summary"]["breaking"] == 4
