from __future__ import annotations

import io
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from apiver.contract.reader import parse, read
from apiver.errors import InputError

SMALL = b'{"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": {}}'


def refused(text: str, name: str = "x.yaml") -> InputError:
    with pytest.raises(InputError) as caught:
        parse(text.encode(), name)
    return caught.value


@pytest.mark.parametrize("name", ["x.json", "x.yaml", "x.yml", "x", "<stdin>", "X.JSON"])
def test_json_is_read_under_any_name(name: str) -> None:
    assert parse(SMALL, name).root["info"] == {"title": "t", "version": "1"}


@pytest.mark.parametrize("name", ["x.yaml", "x.yml", "x.txt", "<stdin>"])
def test_yaml_is_read_under_any_name_but_json(name: str) -> None:
    document = parse(b"openapi: 3.1.0\ninfo: {title: t}\n", name)
    assert document.root == {"openapi": "3.1.0", "info": {"title": "t"}}
    assert document.name == name
    assert str(document.place("/info/title")) == f"{name}:2:8"


def test_yaml_in_a_json_file_is_refused_with_a_hint() -> None:
    error = refused("openapi: 3.1.0\n", "x.json")
    assert error.where == "x.json:1:1"
    assert error.remedy == "is this YAML? Then let the name of the file end in .yaml"


@pytest.mark.parametrize("name", ["x.json", "x.yaml"])
def test_a_byte_order_mark_is_no_part_of_the_text(name: str) -> None:
    document = parse(b"\xef\xbb\xbf" + SMALL, name)
    assert str(document.place("/openapi")) == f"{name}:1:2"


@pytest.mark.parametrize(
    ("text", "what"),
    [("", "the file is empty"), (" \n\t\n", "the file is empty"), ("# nothing\n", "nothing but comments")],
)
def test_an_empty_file_is_refused(text: str, what: str) -> None:
    error = refused(text)
    assert what in error.what
    assert error.where == "x.yaml"


@pytest.mark.parametrize(
    "version", ["3.0.0", "3.0.3", "3.0.4", "3.1.0", "3.1.1", "3.2.0", "3.1", "3.0.0-rc1"]
)
def test_openapi_3_is_accepted(version: str) -> None:
    assert parse(f"openapi: '{version}'".encode(), "x.yaml").root["openapi"] == version


@pytest.mark.parametrize(
    ("text", "what", "where", "remedy"),
    [
        ("[1]", "an OpenAPI document is an object, and this one is a list", "1:1", None),
        ("text", "an OpenAPI document is an object, and this one is a text", "1:1", None),
        ("12", "an OpenAPI document is an object, and this one is a number", "1:1", None),
        ("---\n~", "an OpenAPI document is an object, and this one is empty", "2:1", None),
        ("info: {}", "it has no 'openapi' key", "1:1", "openapi: 3.1.0"),
        ("info: {}\nswagger: '1.2'", "Swagger 1.2 is not supported", "2:1", "Swagger 2.0 is"),
        ("openapi: 3.1", "the OpenAPI version is a number, not a text", "1:1", "openapi: 3.1.0"),
        ("openapi: 4.0.0", "OpenAPI 4.0.0 is not supported", "1:1", "3.0, 3.1 and 3.2"),
        ("openapi: '2.0'", "OpenAPI 2.0 is not supported", "1:1", "3.0, 3.1 and 3.2"),
        ("openapi: 3.10.0", "OpenAPI 3.10.0 is not supported", "1:1", "3.0, 3.1 and 3.2"),
        ("openapi: 3.1.0\npaths: []", "'paths' must be an object, and is a list", "2:1", None),
        ("openapi: 3.1.0\npaths:", "'paths' must be an object, and is empty", "2:1", None),
        ("openapi: 3.1.0\npaths: {/a~: 1}", "the path item '/a~' must be an object", "2:9", None),
        ("openapi: 3.1.0\nwebhooks: {w: 1}", "the path item 'w' must be an object", "2:12", None),
        ("openapi: 3.1.0\npaths: {/a: {get: }}", "the operation GET /a must be an object", "2:14", None),
        ("openapi: 3.1.0\ncomponents: 1", "'components' must be an object", "2:1", None),
        ("openapi: 3.1.0\ncomponents: {schemas: [1]}", "'components.schemas' must be", "2:14", None),
    ],
)
def test_what_is_no_openapi_is_refused_where_it_goes_wrong(
    text: str, what: str, where: str, remedy: str | None
) -> None:
    error = refused(text)
    assert what in error.what
    assert error.where == f"x.yaml:{where}"
    if remedy is None:
        assert error.remedy is None
    else:
        assert error.remedy is not None
        assert remedy in error.remedy


def test_extensions_may_be_anything() -> None:
    text = b"openapi: 3.1.0\npaths: {x-a: 1}\ncomponents: {x-b: 2}\n"
    assert parse(text, "x.yaml").root["paths"] == {"x-a": 1}


def test_a_file_is_read(tmp_path: Path) -> None:
    file = tmp_path / "v1.json"
    file.write_bytes(SMALL)
    document = read(str(file))
    assert document.name == str(file)
    assert str(document.place("/paths")) == f"{file}:1:62"


def test_standard_input_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(SMALL)))
    document = read("-")
    assert document.name == "<stdin>"
    assert str(document.place("/openapi")) == "<stdin>:1:2"


def test_a_missing_file_is_refused_with_the_nearest_name(tmp_path: Path) -> None:
    (tmp_path / "books-v1.yaml").write_text("")
    with pytest.raises(InputError, match="there is no such file") as caught:
        read(str(tmp_path / "book-v1.yaml"))
    assert caught.value.remedy == f"did you mean {tmp_path / 'books-v1.yaml'}?"
    with pytest.raises(InputError) as caught:
        read(str(tmp_path / "specs" / "v1.yaml"))
    assert caught.value.remedy == f"there is no directory {tmp_path / 'specs'}"


def test_a_directory_without_contracts_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("")
    with pytest.raises(InputError, match="there is no contract here") as caught:
        read(str(tmp_path))
    assert caught.value.remedy == "the files must end in .json, .yaml, .yml"


def test_a_name_that_no_file_can_have_is_refused() -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read("a\0b.json")
    with pytest.raises(InputError, match="cannot be read"):
        read("a" * 5000 + ".json")


def test_a_document_that_is_nested_too_deeply_is_refused() -> None:
    deep = '{"not": ' * 900 + '{"$ref": "#/nowhere"}' + "}" * 900
    with pytest.raises(InputError, match="nested too deeply"):
        parse(f'{{"openapi": "3.1.0", "components": {{"schemas": {{"A": {deep}}}}}}}'.encode(), "x.json")
