"""References to other files: what they lead to, where that was written, and what they may not reach."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from apiver.compare import diff
from apiver.contract.document import Document
from apiver.contract.location import Reach
from apiver.contract.reader import read
from apiver.errors import InputError

ENTRY = """\
openapi: 3.1.0
info: {title: t, version: "1"}
paths:
  /pets: {$ref: paths/pets.yaml}
  /pets/{id}:
    get:
      parameters:
        - $ref: 'common.yaml#/parameters/Id'
      responses:
        "200":
          description: ok
          content:
            application/json:
              schema: {$ref: ./schemas/Pet.yaml}
        "404": {$ref: 'common.yaml#/responses/Gone'}
"""
PATHS = """\
get:
  responses:
    "200":
      description: ok
      content:
        application/json:
          schema:
            type: array
            items: {$ref: ../schemas/Pet.yaml}
"""
PET = """\
type: object
required: [name]
properties:
  name: {type: string, maxLength: 20}
  owner: {$ref: Owner.json}
  friends: {type: array, items: {$ref: '#'}}
"""
OWNER = '{"type": "object",\n "properties": {"pets": {"type": "array", "items": {"$ref": "Pet.yaml#"}}}}\n'
COMMON = """\
parameters:
  Id: {name: id, in: path, required: true, schema: {$ref: '#/ids/Id'}}
ids:
  Id: {type: integer, minimum: 1}
responses:
  Gone:
    description: gone
    content: {application/json: {schema: {$ref: 'schemas/Problem.yaml#/$defs/problem'}}}
"""
PROBLEM = "$defs:\n  problem: {type: object, properties: {title: {type: string}}}\n"
FILES = {
    "api.yaml": ENTRY,
    "paths/pets.yaml": PATHS,
    "schemas/Pet.yaml": PET,
    "schemas/Owner.json": OWNER,
    "schemas/Problem.yaml": PROBLEM,
    "common.yaml": COMMON,
}
WHOLE = """\
openapi: 3.1.0
info: {title: t, version: "1"}
paths:
  /pets:
    get:
      responses:
        "200":
          description: ok
          content:
            application/json:
              schema: {type: array, items: {$ref: '#/components/schemas/Pet'}}
  /pets/{id}:
    get:
      parameters:
        - {name: id, in: path, required: true, schema: {type: integer, minimum: 1}}
      responses:
        "200":
          description: ok
          content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}
        "404":
          description: gone
          content: {application/json: {schema: {type: object, properties: {title: {type: string}}}}}
components:
  schemas:
    Pet:
      type: object
      required: [name]
      properties:
        name: {type: string, maxLength: 20}
        owner: {$ref: '#/components/schemas/Owner'}
        friends: {type: array, items: {$ref: '#/components/schemas/Pet'}}
    Owner: {type: object, properties: {pets: {type: array, items: {$ref: '#/components/schemas/Pet'}}}}
"""


def laid(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def api(folder: Path, files: dict[str, str] | None = None, **changed: str) -> Document:
    return read(str(laid(folder, {**(FILES if files is None else files), **changed}) / "api.yaml"))


def schema_of(folder: Path, schema: str, files: dict[str, str], version: str = "3.1.0") -> Document:
    """A document whose one schema is `schema`, a line of YAML, beside other files."""
    text = f"openapi: {version}\ninfo: {{title: t, version: '1'}}\ncomponents:\n  schemas:\n    A: {schema}\n"
    return api(folder, {"api.yaml": text, **files})


def refused(folder: Path, schema: str, files: dict[str, str], version: str = "3.1.0") -> InputError:
    with pytest.raises(InputError) as caught:
        schema_of(folder, schema, files, version)
    return caught.value


def test_several_files_are_one_document(tmp_path: Path) -> None:
    root = api(tmp_path).root
    assert set(root["components"]["schemas"]) == {"Pet", "Id", "problem", "Owner"}
    pet = root["components"]["schemas"]["Pet"]
    assert pet["properties"]["owner"] == {"$ref": "#/components/schemas/Owner"}
    assert pet["properties"]["friends"]["items"] == {"$ref": "#/components/schemas/Pet"}
    assert root["paths"]["/pets"]["get"]["responses"]["200"]["content"]["application/json"]["schema"] == {
        "type": "array",
        "items": {"$ref": "#/components/schemas/Pet"},
    }
    assert root["components"]["parameters"]["Id"]["schema"] == {"$ref": "#/components/schemas/Id"}


def test_splitting_a_document_is_no_change(tmp_path: Path) -> None:
    (tmp_path / "whole.yaml").write_text(WHOLE)
    whole = read(str(tmp_path / "whole.yaml"))
    for old, new in ((whole, api(tmp_path)), (api(tmp_path), whole)):
        comparison = diff(old, new)
        assert comparison.changes == ()
        assert comparison.not_compared == ()


def test_renaming_a_file_is_no_change(tmp_path: Path) -> None:
    renamed = {
        name.replace("Pet.yaml", "Animal.yaml"): text.replace("Pet.yaml", "Animal.yaml")
        for name, text in FILES.items()
    }
    assert diff(api(tmp_path / "old"), api(tmp_path / "new", renamed)).changes == ()


def test_a_change_stands_in_the_file_that_it_was_made_in(tmp_path: Path) -> None:
    old = api(tmp_path / "old")
    new = api(
        tmp_path / "new",
        **{"schemas/Pet.yaml": PET.replace("20", "30"), "common.yaml": COMMON.replace("1}", "2}")},
    )
    widened, narrowed = diff(old, new).changes
    assert narrowed.rule == "request-parameter-min-increased"
    assert narrowed.new.pointer == "/ids/Id/minimum"
    assert str(narrowed.new.place) == f"{tmp_path / 'new' / 'common.yaml'}:4:23"
    assert widened.rule == "response-property-max-length-increased"
    assert widened.old.pointer == "/properties/name/maxLength"
    assert str(widened.old.place) == f"{tmp_path / 'old' / 'schemas' / 'Pet.yaml'}:4:24"
    assert {str(each) for each in widened.operations} == {"GET /pets", "GET /pets/{id}"}


def test_places_in_path_items_of_other_files(tmp_path: Path) -> None:
    document = api(tmp_path)
    pointer = "/paths/~1pets/get/responses/200"
    assert document.original(pointer) == "/get/responses/200"
    assert str(document.place(pointer)) == f"{tmp_path / 'paths' / 'pets.yaml'}:3:5"
    assert str(document.place("/paths/~1pets~1{id}/get")) == f"{tmp_path / 'api.yaml'}:6:5"
    assert (
        str(document.place("/components/schemas/Owner/properties"))
        == f"{tmp_path / 'schemas' / 'Owner.json'}:2:2"
    )


def test_a_component_gives_its_name_to_the_file_that_it_leads_to(tmp_path: Path) -> None:
    files = {
        "api.yaml": (
            "openapi: 3.1.0\ncomponents:\n  schemas:\n"
            "    Dog: {$ref: pet.yaml}\n    Kennel: {items: {$ref: pet.yaml}}\n"
        ),
        "pet.yaml": "type: object\n",
    }
    document = api(tmp_path, files)
    assert document.root["components"]["schemas"] == {
        "Dog": {"type": "object"},
        "Kennel": {"items": {"$ref": "#/components/schemas/Dog"}},
    }
    assert str(document.place("/components/schemas/Dog/type")) == f"{tmp_path / 'pet.yaml'}:1:1"
    assert str(document.place("/components/schemas/Kennel")) == f"{tmp_path / 'api.yaml'}:5:5"


def test_names_that_are_taken_get_another(tmp_path: Path) -> None:
    files = {"a/Pet.yaml": "type: string\n", "b/Pet.yaml": "type: integer\n", "c.yaml": "A: {type: 'null'}\n"}
    text = "{anyOf: [{$ref: a/Pet.yaml}, {$ref: b/Pet.yaml}, {$ref: 'c.yaml#/A'}, {$ref: a/Pet.yaml}]}"
    schemas = schema_of(tmp_path, text, files).root["components"]["schemas"]
    references = [each["$ref"].rpartition("/")[2] for each in schemas["A"]["anyOf"]]
    assert [schemas[name] for name in references] == [
        {"type": "string"},
        {"type": "integer"},
        {"type": "null"},
        {"type": "string"},
    ]
    assert references == ["Pet", "Pet_Pet", "A_c", "Pet"]


def test_a_discriminator_keeps_its_meaning_where_names_change(tmp_path: Path) -> None:
    files = {
        "x/Cat.yaml": "type: object\nproperties: {kind: {type: string}, a: {type: string}}\n",
        "y/Cat.yaml": "type: object\nproperties: {kind: {type: string}, b: {type: string}}\n",
        "Dog.yaml": "type: object\nproperties: {kind: {type: string}}\n",
    }
    text = (
        "{oneOf: [{$ref: x/Cat.yaml}, {$ref: Dog.yaml}], discriminator: {propertyName: kind}, "
        "not: {oneOf: [{$ref: y/Cat.yaml}, {$ref: Dog.yaml}], "
        "discriminator: {propertyName: kind, mapping: {hund: Dog.yaml}}}}"
    )
    schema = schema_of(tmp_path, text, files).root["components"]["schemas"]["A"]
    assert schema["discriminator"] == {"propertyName": "kind"}
    assert schema["not"]["discriminator"]["mapping"] == {
        "hund": "#/components/schemas/Dog",
        "Cat": "#/components/schemas/Cat_Cat",
    }


def test_operations_and_path_items_may_lie_anywhere(tmp_path: Path) -> None:
    files = {
        "api.yaml": (
            "openapi: 3.1.0\npaths:\n  /a: {$ref: 'p.yaml#/paths/~1a'}\n  /b: {get: {$ref: get.yaml}}\n"
            "  /c: {$ref: q.yaml, post: {responses: {'204': {description: own}}}}\n"
        ),
        "p.yaml": "paths:\n  /a: {$ref: 'q.yaml'}\n",
        "q.yaml": (
            "get: {$ref: get.yaml}\nparameters:\n  - {$ref: 'q.yaml#/x'}\n"
            "x: {name: q, in: query, schema: {type: string}}\n"
        ),
        "get.yaml": "responses:\n  '200': {description: ok}\n",
    }
    document = api(tmp_path, files)
    paths = document.root["paths"]
    assert paths["/a"]["get"] == paths["/b"]["get"] == {"responses": {"200": {"description": "ok"}}}
    assert str(document.place("/paths/~1a/get/responses")) == f"{tmp_path / 'get.yaml'}:1:1"
    assert str(document.place("/paths/~1b/get/responses")) == f"{tmp_path / 'get.yaml'}:1:1"
    assert str(document.place("/paths/~1a/parameters/0")) == f"{tmp_path / 'q.yaml'}:3:5"
    comparison = diff(
        document, api(tmp_path / "new", {**files, "get.yaml": "responses: {'201': {description: ok}}\n"})
    )
    assert {str(ref) for change in comparison.changes for ref in change.operations} == {
        "GET /a",
        "GET /b",
        "GET /c",
    }


def test_swagger_may_have_several_files_too(tmp_path: Path) -> None:
    files = {
        "api.yaml": (
            "swagger: '2.0'\npaths:\n  /a: {$ref: a.yaml}\n"
            "definitions:\n  Own: {$ref: 'm.yaml#/definitions/Model'}\n"
        ),
        "a.yaml": (
            "get:\n  parameters: [{$ref: 'm.yaml#/parameters/Q'}]\n  responses:\n"
            "    '200': {description: ok, schema: {$ref: 'm.yaml#/definitions/Model'}}\n"
            "    '404': {$ref: 'm.yaml#/responses/No'}\n"
        ),
        "m.yaml": (
            "definitions:\n  Model: {type: object, x-nullable: true}\n"
            "parameters:\n  Q: {name: q, in: query, type: string}\n"
            "responses:\n  No: {description: no, schema: {$ref: '#/definitions/Model'}}\n"
        ),
    }
    document = api(tmp_path, files)
    get = document.root["paths"]["/a"]["get"]
    assert get["parameters"] == [{"$ref": "#/components/parameters/Q"}]
    assert get["responses"]["404"] == {"$ref": "#/components/responses/No"}
    components = document.root["components"]
    assert components["schemas"] == {"Own": {"type": "object", "nullable": True}}
    assert components["parameters"]["Q"] == {"name": "q", "in": "query", "schema": {"type": "string"}}
    pointer = "/components/schemas/Own/nullable"
    assert (document.original(pointer), str(document.place(pointer))) == (
        "/definitions/Model/x-nullable",
        f"{tmp_path / 'm.yaml'}:2:25",
    )


def test_anchors_of_other_files(tmp_path: Path) -> None:
    files = {"b.yaml": "$defs: {x: {$anchor: here, type: string}}\n"}
    schemas = schema_of(tmp_path, "{$ref: 'b.yaml#here'}", files).root["components"]["schemas"]
    assert schemas["A"] == {"$anchor": "here", "type": "string"}


def test_names_with_odd_signs(tmp_path: Path) -> None:
    files = {"my pets/Großer Hund.yaml": "type: string\n"}
    schemas = schema_of(tmp_path, "{items: {$ref: 'my%20pets/Gro%C3%9Fer%20Hund.yaml'}}", files).root[
        "components"
    ]["schemas"]
    (name,) = set(schemas) - {"A"}
    assert schemas[name] == {"type": "string"}
    assert schemas["A"]["items"]["$ref"] == f"#/components/schemas/{name}"


def test_what_looks_like_a_reference_in_data_is_left_alone(tmp_path: Path) -> None:
    files = {"b.yaml": "type: object\nexample: {$ref: nowhere.yaml}\nproperties: {$ref: {type: string}}\n"}
    schemas = schema_of(tmp_path, "{items: {$ref: b.yaml}}", files).root["components"]["schemas"]
    assert schemas["b"]["example"] == {"$ref": "nowhere.yaml"}


@pytest.mark.parametrize(
    ("schema", "files", "what", "where"),
    [
        ("{$ref: b.yaml}", {}, "there is no file", "api.yaml:5:9"),
        ("{$ref: 'b.yaml#/C'}", {"b.yaml": "B: {}\n"}, "b.yaml#/C leads nowhere in", "api.yaml:5:9"),
        ("{$ref: 'b.yaml#c'}", {"b.yaml": "B: {}\n"}, "b.yaml#c leads nowhere in", "api.yaml:5:9"),
        ("{$ref: b.yaml}", {"b.yaml": "items: {$ref: c.yaml}\n"}, "there is no file", "b.yaml:1:9"),
        ("{$ref: b.yaml}", {"b.yaml": "{a: ]\n"}, "not YAML", "b.yaml:1:5"),
        ("{$ref: b.json}", {"b.json": '{"a": 1,\n "a": 2}'}, "stands twice", "b.json:2:2"),
        (
            "{$ref: b.yaml}",
            {"b.yaml": "{$ref: api.yaml#/components/schemas/A}\n"},
            "in a circle",
            "b.yaml:1:1",
        ),
        ("{$ref: b}", {"b/c.yaml": ""}, "is no regular file", "api.yaml:5:9"),
        ("{$ref: 'https://example.org/b.yaml'}", {}, "is on the network", "api.yaml:5:9"),
        ("{$ref: 'file:///etc/passwd'}", {}, "is no http or https URL", "api.yaml:5:9"),
        (
            "{$ref: b.yaml}",
            {"b.yaml": "openapi: 3.0.3\n"},
            "is OpenAPI 3.0, and it is referred to from OpenAPI 3.1",
            "api.yaml:5:9",
        ),
        ("{$ref: 'b%00.yaml'}", {}, "cannot be read", "api.yaml:5:9"),
    ],
)
def test_what_leads_nowhere_is_refused_where_it_stands(
    tmp_path: Path, schema: str, files: dict[str, str], what: str, where: str
) -> None:
    error = refused(tmp_path, schema, files)
    assert what in error.what
    assert str(error.where).startswith(str(tmp_path))
    assert str(error.where).endswith(where)


@pytest.mark.parametrize(
    "reference", ["../secret.yaml", "../../../../../../etc/hostname", "/etc/hostname", "link.yaml"]
)
def test_references_stay_within_the_directory(tmp_path: Path, reference: str) -> None:
    (tmp_path / "secret.yaml").write_text("type: string\n")
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs" / "link.yaml").symlink_to(tmp_path / "secret.yaml")
    error = refused(tmp_path / "specs", f"{{$ref: '{reference}'}}", {})
    assert error.what == f"{reference} leads out of {tmp_path / 'specs'}"
    assert error.remedy is not None
    assert "--ref-root" in error.remedy


def test_the_directory_can_be_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    laid(
        tmp_path,
        {
            "secret.yaml": "type: string\n",
            "specs/api.yaml": "openapi: 3.1.0\ncomponents: {schemas: {A: {$ref: ../secret.yaml}}}\n",
        },
    )
    path = str(tmp_path / "specs" / "api.yaml")
    assert read(path, Reach(root=str(tmp_path))).root["components"]["schemas"]["A"] == {"type": "string"}
    with pytest.raises(InputError, match="leads out of"):
        read(path)
    monkeypatch.chdir(tmp_path)  # the directory one works in, where the document lies below it
    assert read("specs/api.yaml").root["components"]["schemas"]["A"] == {"type": "string"}


def test_a_ten_thousand_deep_chain_of_references(tmp_path: Path) -> None:
    chain: dict[str, Any] = {f"c{at}": f"{{$ref: '#/c{at + 1}'}}" for at in range(10_000)}
    text = "\n".join(f"{name}: {value}" for name, value in chain.items()) + "\nc10000: {type: string}\n"
    document = schema_of(tmp_path, "{items: {$ref: 'b.yaml#/c0'}}", {"b.yaml": text})
    assert len(document.root["components"]["schemas"]) == 10_002


def test_names_of_schemas_are_no_files(tmp_path: Path) -> None:
    files = {
        "b.yaml": (
            "$id: https://a.example/schemas/b.yaml\n$defs: {x: {$anchor: x, type: string}}\n"
            "properties: {c: {$ref: c.yaml}, x: {$ref: '#x'}, b: {$ref: 'https://a.example/schemas/b.yaml#x'}}\n"
        ),
        "c.yaml": "$id: https://a.example/schemas/c.yaml\nitems: {$ref: https://a.example/schemas/b.yaml}\n",
    }
    text = "{$id: 'https://a.example/a', allOf: [{$ref: a}, {$ref: 'b.yaml#x'}, {$ref: b.yaml}]}"
    schemas = schema_of(tmp_path, text, files).root["components"]["schemas"]
    assert [each["$ref"] for each in schemas["A"]["allOf"]] == [
        "a",
        "#/components/schemas/x",
        "#/components/schemas/b",
    ]
    assert {name: each["$ref"] for name, each in schemas["b"]["properties"].items()} == {
        "c": "#/components/schemas/c",
        "x": "#/components/schemas/x",
        "b": "#/components/schemas/x",
    }
    assert schemas["c"]["items"] == {"$ref": "#/components/schemas/b"}


def test_a_document_may_know_its_own_address(tmp_path: Path) -> None:
    files = {
        "api.yaml": (
            "openapi: 3.2.0\n$self: https://a.example/api/openapi.yaml\ncomponents:\n  schemas:\n"
            "    A: {$ref: b.yaml}\n    B: {items: {$ref: 'https://a.example/api/openapi.yaml#/components/schemas/A'}}\n"
        ),
        "b.yaml": "items: {$ref: 'https://a.example/api/openapi.yaml#/components/schemas/B'}\n",
    }
    schemas = api(tmp_path, files).root["components"]["schemas"]
    assert schemas["A"] == {"items": {"$ref": "#/components/schemas/B"}}


def test_a_header_is_no_extension(tmp_path: Path) -> None:
    headers = "{x-id: {$ref: 'b.yaml#/id'}}"
    text = f"openapi: 3.1.0\ncomponents: {{responses: {{R: {{description: r, headers: {headers}}}}}}}\n"
    document = api(tmp_path, {"api.yaml": text, "b.yaml": "id: {schema: {type: string}}\n"})
    assert document.root["components"]["headers"] == {"id": {"schema": {"type": "string"}}}


def test_whole_maps_may_lie_elsewhere(tmp_path: Path) -> None:
    """No version of OpenAPI has a reference there, and many contracts in several files do."""
    files = {
        "api.yaml": (
            "openapi: 3.1.0\npaths: {$ref: paths/index.yaml}\n"
            "components: {schemas: {$ref: 'schemas.yaml#/all'}}\n"
        ),
        "paths/index.yaml": "/a: {$ref: a.yaml}\n",
        "paths/a.yaml": "get: {responses: {$ref: '../responses.yaml'}}\n",
        "responses.yaml": "'200': {content: {a/b: {schema: {$ref: 'schemas.yaml#/all/A'}}}}\n",
        "schemas.yaml": (
            "all:\n  A: {properties: {$ref: '#/properties'}}\n  B: {type: string}\n"
            "properties: {b: {$ref: '#/all/B'}}\n"
        ),
    }
    document = api(tmp_path, files)
    (response,) = document.root["paths"]["/a"]["get"]["responses"].values()
    name = response["content"]["a/b"]["schema"]["$ref"].rpartition("/")[2]
    schemas = document.root["components"]["schemas"]
    (reference,) = (each["$ref"] for each in schemas[name]["properties"].values())
    assert schemas[reference.rpartition("/")[2]] == {"type": "string"}
    assert str(document.place("/paths/~1a/get/responses/200")) == f"{tmp_path / 'responses.yaml'}:1:1"
    assert str(document.place("/components/schemas/A")) == f"{tmp_path / 'schemas.yaml'}:2:3"
    assert str(document.place("/components/schemas/A/properties/b")) == f"{tmp_path / 'schemas.yaml'}:4:14"


@pytest.mark.parametrize(
    ("limit", "value", "what"),
    [
        ("_MOST_FILES", 3, "the document refers to more than 3 files"),
        ("_PATIENCE", -1.0, "takes more than -1 seconds"),
        ("LARGEST", 500, "the files together have more than"),
    ],
)
def test_there_is_an_end_to_what_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, value: float, what: str
) -> None:
    monkeypatch.setattr(f"apiver.contract.shelf.{limit}", value)
    with pytest.raises(InputError, match=what) as caught:
        api(tmp_path)
    assert str(tmp_path) in str(caught.value.where)
