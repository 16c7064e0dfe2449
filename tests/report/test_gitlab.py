from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest

from apiver.compare.change import Comparison, Part
from apiver.report.gitlab import gitlab

Make = Callable[..., Comparison]
DOCUMENTED = jsonschema.Draft202012Validator(
    json.loads((Path(__file__).parent / "schemas" / "gitlab.schema.json").read_text())
)


def test_a_finding_whole(made: Make) -> None:
    assert json.loads(gitlab(made("required"))) == [
        {
            "description": "body.isbn is required now (POST /books) | v1: api/v1/books.py:41 | "
            'v2: api/v2/books.py:44  "isbn" | rests on what was read from the code | '
            'proof: POST /api/v1/books {"title": "Emma"} | v1 accepts | POST /api/v2/books {...} | '
            "v2 rejects: 'isbn' is a required property | instead: accept its absence for as long as clients "
            "of the old version exist, or fill it in on the server",
            "check_name": "new-required-request-property",
            "fingerprint": "0123456789ab",
            "severity": "critical",
            "location": {"path": "api/v2/books.py", "lines": {"begin": 44}},
        }
    ]


def test_only_what_may_break_unless_everything_is_asked_for(made: Make) -> None:
    comparison = made("required", "default", "sort", "summary")
    severities = [issue["severity"] for issue in json.loads(gitlab(comparison))]
    assert severities == ["critical", "major"]
    severities = [issue["severity"] for issue in json.loads(gitlab(comparison, everything=True))]
    assert severities == ["critical", "major", "info", "info"]


def test_nothing_found_is_an_empty_list(made: Make) -> None:
    assert json.loads(gitlab(made(), everything=True)) == []


def test_fingerprints_are_never_shared_and_the_same_on_every_run(made: Make) -> None:
    comparison = made("required", "required", "required")
    prints = [issue["fingerprint"] for issue in json.loads(gitlab(comparison))]
    assert prints[0] == "0123456789ab"
    assert len(set(prints)) == 3
    assert gitlab(comparison) == gitlab(made("required", "required", "required"))


def test_a_finding_without_a_file_is_pinned_to_the_contract(made: Make) -> None:
    comparison = made("held", old=Part("/a"), new=Part("/a"), old_name="v1.yaml", new_name="./v2.yaml")
    issue = json.loads(gitlab(comparison))[0]
    assert issue["location"] == {"path": "v2.yaml", "lines": {"begin": 1}}


def test_it_has_the_documented_shape(made: Make) -> None:
    DOCUMENTED.validate(json.loads(gitlab(made("required", "held", "default", "sort"), everything=True)))


@pytest.mark.parametrize("field", ["description", "check_name", "fingerprint", "severity", "location"])
def test_the_shape_is_checked(made: Make, field: str) -> None:
    issues = json.loads(gitlab(made("required")))
    del issues[0][field]
    assert not DOCUMENTED.is_valid(issues)


def test_hostile_strings_stay_in_their_line(hostile: tuple[str, Comparison]) -> None:
    issues = json.loads(gitlab(hostile[1], everything=True))
    assert len(issues) == 3
    assert all(issue["description"].isprintable() or "\ufffe" in issue["description"] for issue in issues)
