from __future__ import annotations

from pathlib import Path

import pytest

from apiver.contract.address import Kind, kind_of, of_pattern

ORDERS = Path(__file__).parents[2] / "fixtures" / "contracts" / "orders"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("v1", Kind.VERSION),
        ("2024-10-01", Kind.VERSION),
        ("v1.1", Kind.VERSION),
        ("/nowhere/specs/", Kind.FILE),
        ("/api/v1", Kind.VERSION),
        ("-", Kind.STDIN),
        ("v1.json", Kind.FILE),
        ("V1.YAML", Kind.FILE),
        ("specs/v1", Kind.FILE),
        ("./v1", Kind.FILE),
        ("specs\\v1", Kind.FILE),
        ("C:\\specs\\v1.yaml", Kind.FILE),
        ("C:/specs/v1.yaml", Kind.FILE),
        ("/api/v1.yml", Kind.FILE),
        (str(ORDERS / "v1.yaml"), Kind.FILE),
        (str(ORDERS), Kind.SEVERAL),
        (f"{ORDERS}/", Kind.SEVERAL),
        ("specs/*.yaml", Kind.SEVERAL),
        ("**/openapi.json", Kind.SEVERAL),
        ("v[12].yaml", Kind.SEVERAL),
        ("main:specs/v1.yaml", Kind.REVISION),
        ("HEAD~2:./v1.json", Kind.REVISION),
        ("origin/main:specs/", Kind.REVISION),
        ("HEAD@{yesterday}:v1.yaml", Kind.REVISION),
        ("main:specs/*.yaml", Kind.REVISION),
        ("v1@main", Kind.VERSION_AT),
        ("v1@origin/release/2", Kind.VERSION_AT),
        ("/api/v1@HEAD~3", Kind.VERSION_AT),
        ("v1@{upstream}", Kind.VERSION_AT),
        ("specs/v1@2.yaml", Kind.FILE),
        ("v1@main.yaml", Kind.FILE),
        ("@v1", Kind.VERSION),
        ("https://example.org/v1.yaml", Kind.URL),
        ("http://user@example.org", Kind.URL),
        ("ftp://example.org/v1.yaml", Kind.URL),
        ("a" * 5000 + ".json", Kind.FILE),
        ("a\0b.json", Kind.FILE),
    ],
)
def test_what_an_argument_names(name: str, kind: Kind) -> None:
    assert kind_of(name) is kind


def test_what_exists_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("v1", "main:v1.yaml", "a*.yaml", "v1@main.yaml"):
        (tmp_path / name).write_text("")
    (tmp_path / "v2").mkdir()
    assert kind_of("main:v1.yaml") is Kind.FILE
    assert kind_of("a*.yaml") is Kind.FILE
    assert kind_of("v1@main.yaml") is Kind.FILE
    assert (kind_of("v1"), kind_of("./v1")) == (Kind.VERSION, Kind.FILE)
    assert (kind_of("v2"), kind_of("v2/")) == (Kind.VERSION, Kind.SEVERAL)


@pytest.mark.parametrize(
    ("pattern", "fitting"),
    [
        ("*.yaml", ["a.yaml", "b.yaml"]),
        ("?.yaml", ["a.yaml", "b.yaml"]),
        ("[!a].yaml", ["b.yaml"]),
        ("x/*.yaml", ["x/c.yaml"]),
        ("**/*.yaml", ["a.yaml", "b.yaml", "x/c.yaml", "x/y/d.yaml"]),
        ("x/**/d.yaml", ["x/y/d.yaml"]),
        ("*.y.ml", []),
    ],
)
def test_patterns(pattern: str, fitting: list[str]) -> None:
    paths = ["a.yaml", "b.yaml", "x/c.yaml", "x/y/d.yaml", "x/e.json"]
    assert of_pattern(pattern, paths) == fitting
