"""A directory or a pattern is one API: nothing is lost, and nothing changes its meaning."""

from __future__ import annotations

from pathlib import Path

import pytest

from apiver.compare import diff
from apiver.contract.document import Document
from apiver.contract.reader import read
from apiver.errors import InputError

BOOKS = """\
openapi: 3.1.0
info: {title: Books, version: "1"}
servers: [{url: https://api.example.com/v1}]
security: [{key: []}]
paths:
  /books:
    parameters:
      - {name: limit, in: query, schema: {type: integer}}
      - {name: sort, in: query, schema: {type: string}}
    get:
      parameters: [{name: sort, in: query, schema: {enum: [asc, desc]}}]
      responses:
        "200": {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Item'}}}}
        default: {$ref: '#/components/responses/Error'}
components:
  responses:
    Error: {description: bad, content: {application/json: {schema: {$ref: '#/components/schemas/Error'}}}}
  schemas:
    Item:
      type: object
      required: [title]
      properties: {title: {type: string}, next: {$ref: '#/components/schemas/Item'}}
    Error: {type: object, properties: {code: {type: integer}}}
    Unused: {type: string}
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Key}
"""
USERS = """\
openapi: 3.1.1
info: {title: Users, version: "2"}
servers: [{url: https://api.example.com/v1}]
paths:
  /users/{id}:
    $ref: '#/components/pathItems/User'
components:
  pathItems:
    User:
      get:
        security: [{key: []}]
        parameters: [{$ref: '#/components/parameters/Id'}]
        responses:
          "200": {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Item'}}}}
          default:
            description: bad
            content: {application/json: {schema: {$ref: '#/components/schemas/Error'}}}
  parameters:
    Id: {name: id, in: path, required: true, schema: {type: string}}
  schemas:
    Item: {type: object, required: [name], properties: {name: {type: string}}}
    Error: {type: object, properties: {code: {type: integer}}}
  securitySchemes:
    key: {type: http, scheme: bearer}
"""


def laid(folder: Path, **files: str) -> Document:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text)
    return read(f"{folder}/")


def test_operations_of_all_files_are_there(tmp_path: Path) -> None:
    document = laid(tmp_path, books=BOOKS, users=USERS)
    assert document.name == f"{tmp_path}/"
    assert document.root["info"]["title"] == "Books"
    assert [(path, list(item)) for path, item in document.root["paths"].items()] == [
        ("/books", ["get"]),
        ("/users/{id}", ["get"]),
    ]


def test_what_a_file_says_of_all_its_operations_is_said_of_each(tmp_path: Path) -> None:
    root = laid(tmp_path, books=BOOKS, users=USERS).root
    books, users = root["paths"]["/books"]["get"], root["paths"]["/users/{id}"]["get"]
    assert [each["name"] for each in books["parameters"]] == ["sort", "limit"]
    assert books["servers"] == users["servers"] == [{"url": "https://api.example.com/v1"}]
    assert books["security"] == [{"key": []}]
    assert users["security"] == [{"key_users": []}]
    assert root["components"]["securitySchemes"] == {
        "key": {"type": "apiKey", "in": "header", "name": "X-Key"},
        "key_users": {"type": "http", "scheme": "bearer"},
    }


def test_components_of_the_same_name_keep_their_meaning(tmp_path: Path) -> None:
    root = laid(tmp_path, books=BOOKS, users=USERS).root
    schemas = root["components"]["schemas"]
    content = root["paths"]["/users/{id}"]["get"]["responses"]["200"]["content"]
    assert content["application/json"]["schema"] == {"$ref": "#/components/schemas/Item_users"}
    assert list(schemas["Item_users"]["properties"]) == ["name"]
    assert schemas["Item"]["properties"]["next"] == {"$ref": "#/components/schemas/Item"}
    assert set(schemas) == {"Item", "Item_users", "Error", "Unused"}  # one that is the same is one


def test_places_are_those_of_the_files(tmp_path: Path) -> None:
    document = laid(tmp_path, books=BOOKS, users=USERS)
    users = tmp_path / "users.yaml"
    assert str(document.place("/paths/~1users~1{id}/get/responses")) == f"{users}:13:9"
    assert document.original("/paths/~1users~1{id}/get") == "/components/pathItems/User/get"
    assert str(document.place("/components/schemas/Item_users/required")) == f"{users}:21:26"
    assert document.original("/components/schemas/Item_users/required") == "/components/schemas/Item/required"
    assert str(document.place("/paths/~1books/get/parameters/1")) == f"{tmp_path / 'books.yaml'}:8:9"


def test_one_file_or_several_is_no_change(tmp_path: Path) -> None:
    whole = BOOKS.replace(
        "components:\n",
        (
            "  /users/{id}:\n    get:\n      security: [{token: []}]\n"
            "      parameters: [{name: id, in: path, required: true, schema: {type: string}}]\n"
            "      responses:\n"
            '        "200":\n          description: ok\n          content:\n            application/json:\n'
            "              schema: {type: object, required: [name], properties: {name: {type: string}}}\n"
            "        default: {$ref: '#/components/responses/Error'}\n"
            "components:\n"
        ),
        1,
    ).replace("  securitySchemes:\n", "  securitySchemes:\n    token: {type: http, scheme: bearer}\n")
    one, several = laid(tmp_path / "one", whole=whole), laid(tmp_path / "several", books=BOOKS, users=USERS)
    for old, new in ((one, several), (several, one)):
        assert [change for change in diff(old, new).changes if change.effect.value != "docs"] == []


def test_a_change_in_one_of_several_files(tmp_path: Path) -> None:
    old = laid(tmp_path / "old", books=BOOKS, users=USERS)
    new = laid(tmp_path / "new", books=BOOKS, users=USERS.replace("required: [name]", "required: []"))
    (change,) = diff(old, new).changes
    assert change.rule == "response-property-became-optional"
    assert change.old.pointer == "/components/schemas/Item/required/0"
    assert str(change.old.place) == f"{tmp_path / 'old' / 'users.yaml'}:21:37"


def test_different_base_paths_become_a_part_of_the_paths(tmp_path: Path) -> None:
    def file(base: str, kind: str) -> str:
        content = f"{{application/json: {{schema: {{type: {kind}}}}}}}"
        return (
            f"openapi: 3.1.0\nservers: [{{url: https://a.example{base}}}]\npaths:\n  /items:\n    get:\n"
            f"      responses: {{'200': {{description: ok, content: {content}}}}}\n"
        )

    document = laid(tmp_path, a=file("/books", "string"), b=file("/users", "integer"))
    assert list(document.root["paths"]) == ["/books/items", "/users/items"]
    assert document.root["paths"]["/users/items"]["get"]["servers"] == [{"url": "https://a.example"}]
    assert str(document.place("/paths/~1users~1items/get")) == f"{tmp_path / 'b.yaml'}:5:5"


def test_two_files_with_the_same_operation_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"two files define GET /users/\{user\}") as caught:
        laid(
            tmp_path, a=USERS, b=USERS.replace("{id}:", "{user}:").replace("name: id", "name: user"), c=BOOKS
        )
    assert caught.value.where == f"{tmp_path / 'a.yaml'}:10:7\n{tmp_path / 'b.yaml'}:10:7"


def test_methods_of_one_path_may_lie_in_different_files(tmp_path: Path) -> None:
    other = BOOKS.replace("    get:", "    post:").replace("type: integer}}\n", "type: string}}\n", 1)
    item = laid(tmp_path, a=BOOKS, b=other).root["paths"]["/books"]
    kinds = [each["schema"].get("type") for method in ("get", "post") for each in item[method]["parameters"]]
    assert kinds == [None, "integer", None, "string"]


def test_files_that_are_no_documents_are_what_the_others_refer_to(tmp_path: Path) -> None:
    text = BOOKS.replace("'#/components/schemas/Error'", "'common.yaml#/Problem'")
    document = laid(tmp_path, books=text, common="Problem: {type: object}\n", users=USERS)
    assert document.root["components"]["schemas"]["Problem"] == {"type": "object"}
    assert str(document.place("/components/schemas/Problem")) == f"{tmp_path / 'common.yaml'}:1:1"
    with pytest.raises(InputError, match="none of these files is an OpenAPI document"):
        laid(tmp_path / "none", common="Error: {type: object}\n")


def test_versions_whose_schemas_differ_in_meaning_are_not_mixed(tmp_path: Path) -> None:
    with pytest.raises(
        InputError, match=r"of OpenAPI 3\.0 \(or Swagger 2\.0\) and of a later version"
    ) as caught:
        laid(tmp_path, a=BOOKS, b=USERS.replace("3.1.1", "3.0.3"))
    assert caught.value.where == f"{tmp_path / 'a.yaml'}:1:1\n{tmp_path / 'b.yaml'}:1:1"
    swagger = "swagger: '2.0'\nbasePath: /v1\npaths: {/s: {get: {responses: {'200': {description: ok}}}}}\n"
    merged = laid(tmp_path, a=BOOKS.replace("3.1.0", "3.0.3"), b=swagger)
    assert list(merged.root["paths"]) == ["/books", "/s"]


def test_a_pattern_names_its_files(tmp_path: Path) -> None:
    laid(tmp_path / "x", books=BOOKS)
    laid(tmp_path / "y", users=USERS)
    assert list(read(f"{tmp_path}/*/*.yaml").root["paths"]) == ["/books", "/users/{id}"]
    assert list(read(f"{tmp_path}/**/us*.yaml").root["paths"]) == ["/users/{id}"]
    with pytest.raises(InputError, match="there is no contract here"):
        read(f"{tmp_path}/*.yaml")


def test_a_chain_of_ten_thousand_references_is_followed(tmp_path: Path) -> None:
    chain = "\n".join(f"    C{at}: {{$ref: '#/components/schemas/C{at + 1}'}}" for at in range(10_000))
    text = BOOKS.replace("    Unused: {type: string}\n", f"{chain}\n    C10000: {{type: string}}\n").replace(
        "title: {type: string}", "title: {$ref: '#/components/schemas/C0'}"
    )
    root = laid(tmp_path, books=text, users=USERS).root
    assert root["components"]["schemas"]["C9999"] == {"$ref": "#/components/schemas/C10000"}
