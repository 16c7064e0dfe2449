"""`selector:` and `versions:` of the manifest: what they say, and what they refuse."""

from __future__ import annotations

from pathlib import Path

import pytest

from apiver.errors import InputError
from apiver.manifest import AppSettings, Selector, VersionSettings, Way, read_settings


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def settings(text: str) -> AppSettings:
    Path("apiver.yaml").write_text(text, encoding="utf-8")
    return read_settings("apiver.yaml")


def test_every_way_at_once() -> None:
    found = settings(
        """
selector:
  query: version
  header: API-Version
  accept: application/vnd.bookshop.{version}+json
  path: /api/{version}
  default: v1
versions:
  v1: {status: deprecated, sunset: 2027-01-31}
  v2: {extends: v1, contract: contracts/v2.json}
  v3:
"""
    )
    assert found.selector == Selector(
        "/api/{version}",
        (
            Way("accept", "Accept", "application/vnd.bookshop.{version}+json"),
            Way("header", "API-Version", "{version}"),
            Way("query", "version", "{version}"),
        ),
        "v1",
        "apiver.yaml:3:3",
    )
    assert found.versions == (
        VersionSettings("v1", None, "apiver.yaml:9:3"),
        VersionSettings("v2", "v1", "apiver.yaml:10:3"),
        VersionSettings("v3", None, "apiver.yaml:11:3"),
    )


def test_a_manifest_that_says_nothing_of_versions() -> None:
    found = settings("app: shop\n")
    assert (found.selector, found.versions) == (None, ())


@pytest.mark.parametrize(
    ("written", "label", "sent"),
    [
        ("header: API-Version", "v2", "v2"),
        ("header: API-Version", "2024-10-01", "2024-10-01"),
        ('header: "API-Version: {number}"', "v2", "2"),
        ('header: "API-Version: {number}"', "2", "2"),
        ('header: "API-Version: v{number}"', "v2", "v2"),
        ("query: version", "v2", "v2"),
        ('query: "v={number}"', "v2.1", "2.1"),
        ("accept: application/vnd.shop.{version}+json", "v2", "application/vnd.shop.v2+json"),
        ("accept: application/vnd.shop+json;version={number}", "v2", "application/vnd.shop+json;version=2"),
    ],
)
def test_what_a_request_sends(written: str, label: str, sent: str) -> None:
    selector = settings(
        f"selector: {{{written}}}" if "{" not in written else f"selector:\n  {written}\n"
    ).selector
    assert selector is not None
    (way,) = selector.ways
    assert way.spelled(label) == sent


@pytest.mark.parametrize(
    ("text", "what", "place"),
    [
        ("versions: {1.10: {}}", "1.10 must be a string: YAML reads it as the number 1.1", "1:12"),
        ("versions:\n  2024-10-01: {}", "YAML reads it as the date 2024-10-01", "2:3"),
        ("versions: {2: {}}", "the version 2 must be a string", "1:12"),
        ("versions: [v1, v2]", "versions must be a mapping, not a list", "1:11"),
        ("versions: {'v 1': {}}", "'v 1' cannot be the name of a version", "1:12"),
        ("versions: {v1: deprecated}", "versions.v1 must be a mapping, not a string", "1:16"),
        ("versions: {v1: {extend: v0}}", "unknown key versions.v1.extend", "1:17"),
        ("versions: {v1: {extends: 1}}", "versions.v1.extends must be a string, not 1", "1:26"),
        ("versions: {v1: {extends: v2}, v2: {extends: v1}}", "v1 extends itself: v1 -> v2 -> v1", "1:26"),
        ("versions: {v1: {}, v1: {}}", "v1 is given twice", "1:20"),
        ("selector: {}", "names no place where a request says its version", "1:11"),
        ("selector: header", "selector must be a mapping, not a string", "1:11"),
        ("selector: {headers: X}", "unknown key selector.headers", "1:12"),
        ("selector: {header: 'X Y'}", "'X Y' is not the name of a header", "1:20"),
        ("selector: {header: Accept}", "selector.header must not be Accept", "1:20"),
        ("selector: {header: 'V: 2'}", "selector.header must hold {version} once", "1:20"),
        ("selector: {header: 'V: {label}'}", "selector.header: {label} is not known", "1:20"),
        ("selector: {header: 'V$'}", "must be printable ASCII without $", "1:20"),
        ("selector: {header: Vé}", "must be printable ASCII without $", "1:20"),
        ("selector: {query: 'a b'}", "'a b' is not the name of a query parameter", "1:19"),
        ("selector: {query: [v]}", "selector.query must be a string, not a list", "1:19"),
        ("selector: {accept: json}", "selector.accept must hold {version} once", "1:20"),
        ("selector: {accept: 'json.{version}'}", "selector.accept must be a media type", "1:20"),
        ("selector: {path: 'api/{version}'}", "selector.path must begin with /", "1:18"),
        ("selector: {path: '/{version}/api'}", "selector.path must end with the version", "1:18"),
        ("selector: {path: /api}", "selector.path must hold {version} once", "1:18"),
        ("selector: {header: V, default: 1}", "selector.default must be a string, not 1", "1:32"),
        (
            "selector: {header: V, default: v3}\nversions: {v1: {}}",
            "selector.default names v3, which is no version of this manifest",
            "1:32",
        ),
        (
            "selector: {header: 'V: v{version}'}\nversions: {v1: {}}",
            "selector.header with the version v1 would be vv1",
            "1:20",
        ),
    ],
)
def test_what_is_refused(text: str, what: str, place: str) -> None:
    with pytest.raises(InputError) as caught:
        settings(text)
    assert what in caught.value.what
    assert caught.value.where == f"apiver.yaml:{place}"
    assert caught.value.exit_code == 4


def test_the_remedy_for_a_number_is_the_quoted_label() -> None:
    with pytest.raises(InputError) as caught:
        settings("versions: {1.10: {}}")
    assert caught.value.remedy == 'put it in quotes:  "1.10":'
