"""flask-restx: the contract is what its Api declares, and what its app does."""

from __future__ import annotations

import io

import jsonschema
import pytest

from apiver.inventory import inspect
from apiver.reading import contract
from apiver.reading.build import read
from apiver.reading.sources import restx

NAME = "restx"
KEY = {"X-Desk-Key": "letmein"}
GOOD = {"title": "No coffee", "status": "held", "priority": 2}


@pytest.fixture
def client(source):
    return type(source)(NAME).app.test_client()


@pytest.mark.parametrize(
    "body",
    [
        GOOD,
        {"title": "No coffee"},
        {"title": "No"},
        {"title": "n" * 81},
        {**GOOD, "status": "lost"},
        {**GOOD, "priority": 6},
        {**GOOD, "priority": "high"},
        {"priority": 2},
        [],
    ],
)
def test_the_app_takes_what_the_contract_allows_and_no_more(source, client, body):
    answer = client.post("/api/v1/tickets", json=body, headers=KEY)
    allowed = source.judge("v1", "POST /tickets").is_valid(body)
    assert answer.status_code == (201 if allowed else 400)
    source.judge("v1", "POST /tickets", answer.status_code).validate(answer.json)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 200),
        ("?size=50&page=2", 200),
        ("?size=51", 400),
        ("?size=0", 400),
        ("?page=0", 400),
        ("?status=open&status=held", 200),
        ("?status=lost", 400),
        ("?urgent=true", 200),
        ("?urgent=perhaps", 400),
    ],
)
def test_the_query_is_checked_by_its_parser(source, client, query, status):
    answer = client.get(f"/api/v1/tickets{query}")
    assert answer.status_code == status
    if status == 200:
        source.judge("v1", "GET /tickets", 200).validate(answer.json)


@pytest.mark.parametrize(
    "body", [{"status": "held"}, {"status": "held", "priority": None}, {"status": "lost"}, {"priority": 1}]
)
def test_the_body_is_checked_by_its_parser(source, client, body):
    answer = client.patch("/api/v1/tickets/1", json=body)
    assert answer.status_code == (
        200 if source.judge("v1", "PATCH /tickets/{number}").is_valid(body) else 400
    )
    if answer.status_code == 200:
        source.judge("v1", "PATCH /tickets/{number}", 200).validate(answer.json)


def test_what_else_the_app_answers_is_in_the_contract(source, client):
    missing = client.get("/api/v1/tickets/99")
    assert missing.status_code == 404
    source.judge("v1", "GET /tickets/{number}", 404).validate(missing.json)
    refused = client.post("/api/v1/tickets", json=GOOD)
    assert refused.status_code == 401
    source.judge("v1", "POST /tickets", 401).validate(refused.json)
    one = client.get("/api/v1/tickets/1")
    source.judge("v1", "GET /tickets/{number}", 200).validate(one.json)
    said = client.post("/api/v1/tickets/1/remarks", json=[{"text": "Done"}])
    assert said.status_code == 201
    source.judge("v1", "POST /tickets/{number}/remarks", 201).validate(said.json)
    kept = client.put("/api/v1/tickets/1/attachment", data={"file": (io.BytesIO(b"abc"), "a.txt")})
    assert kept.status_code == 201
    source.judge("v1", "PUT /tickets/{number}/attachment", 201).validate(kept.json)
    counted = client.get("/api/v1/tickets/statistics?since=3")
    source.judge("v1", "GET /tickets/statistics", 200).validate(counted.json)
    source.judge("v1", "GET /agents/", 200).validate(client.get("/api/v1/agents/").json)


def test_the_document_of_the_app_is_the_same_as_if_nobody_had_read_it(source):
    def served(app):
        client = app.test_client()
        return [client.get(f"/api/{version}/swagger.json").data for version in ("v1", "v2")]

    never_read, read = type(source)(NAME), type(source)(NAME)
    for version in ("v1", "v2"):
        contract(inspect(read.app), version)
    assert served(read.app) == served(never_read.app)


def test_the_changes_from_one_version_to_the_next(source):
    assert {(rule, subject) for effect, rule, subject in source.changes() if effect == "breaking"} == {
        ("request-parameter-max-decreased", "?size"),
        ("request-property-became-required", "body.priority"),
        ("response-property-enum-value-added", "TicketDraft.status"),
        ("api-removed-with-deprecation", "operation"),
    }


def test_what_a_security_scheme_asks_for_is_no_drift(source):
    found = read(inspect(source.app), "v1").drift
    assert {(one.kind, one.part) for one in found} == {
        ("status-not-declared", "response 400"),
        ("status-not-declared", "response 404"),
    }


def broken_app():
    from flask import Flask
    from flask_restx import Api, Resource, fields

    app = Flask(__name__)
    api = Api(app, prefix="/api/v1")
    lost = fields.Integer(default=lambda: 1 / 0)
    model = api.model("Lost", {"number": lost})

    @api.route("/broken")
    class Broken(Resource):
        @api.response(200, "Fine", "NoSuchModel")
        def get(self):
            return {"a": 1}

    @api.route("/whole")
    class Whole(Resource):
        @api.marshal_with(model)
        def get(self):
            return {"number": 1}

    return app


def test_what_cannot_be_written_is_told_and_inferred():
    root = contract(inspect(broken_app()), "v1").root
    assert root["x-apiver-unread"] == [
        "flask-restx: GET /broken: ValueError: Model NoSuchModel not registered"
    ]
    schema = root["paths"]["/broken"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert list(schema["properties"]) == ["a"]


def test_a_default_that_is_made_anew_each_time_is_not_called():
    (layer,) = restx.layers(broken_app())
    assert layer.root["definitions"]["Lost"]["properties"] == {"number": {"type": "integer"}}


def test_a_wildcard_is_any_member():
    from flask import Flask
    from flask_restx import Api, Resource, fields

    app = Flask(__name__)
    api = Api(app)
    model = api.model("Words", {"title": fields.String, "*": fields.Wildcard(fields.Integer)})

    @api.route("/words")
    class Words(Resource):
        @api.marshal_with(model)
        def get(self):
            return {}

    (layer,) = restx.layers(app)
    assert layer.root["definitions"]["Words"]["properties"] == {"title": {"type": ["string", "null"]}}
    assert layer.root["definitions"]["Words"]["additionalProperties"] == {"type": "integer"}


def test_a_default_that_is_no_value_of_its_type():
    from flask import Flask
    from flask_restx import Api, Resource, fields

    app = Flask(__name__)
    api = Api(app, prefix="/api/v1")
    model = api.model(
        "Sheet", {"size": fields.Raw(default="A4"), "extra": fields.Raw, "name": fields.String(default="x")}
    )
    parser = api.parser()
    parser.add_argument("limit", default=10, location="args")
    parser.add_argument("word", default="all", location="args")

    @api.route("/sheets")
    class Sheets(Resource):
        @api.expect(parser)
        @api.marshal_with(model)
        def get(self):
            return {}

    root = contract(inspect(app), "v1").root
    assert "x-apiver-unread" not in root
    assert root["components"]["schemas"]["Sheet"]["properties"] == {
        "size": {"default": "A4"},
        "extra": {"type": ["object", "null"]},
        "name": {"type": "string", "default": "x"},
    }
    parameters = root["paths"]["/sheets"]["get"]["parameters"]
    assert [one["schema"] for one in parameters] == [{"type": "string"}, {"type": "string", "default": "all"}]


def null_app():
    from flask import Flask
    from flask_restx import Api, Resource, fields

    app = Flask(__name__)
    api = Api(app, prefix="/api/v1")
    person = api.model("A person", {"name": fields.String(required=True), "mail": fields.String})
    task = api.model(
        "Task",
        {
            "title": fields.String(required=True),
            "due": fields.DateTime,
            "kind": fields.String(enum=["work", "home"]),
            "done": fields.Boolean(default=False),
            "weight": fields.Integer(default=lambda: 3),
            "owner": fields.Nested(person, allow_null=True),
            "helpers": fields.List(fields.Nested(person, skip_none=True)),
            "link": fields.Url("tasks", absolute=True),
        },
    )
    held = {"title": "Sweep", "helpers": [{"name": "Ada"}]}

    @api.route("/tasks", endpoint="tasks")
    class Tasks(Resource):
        @api.marshal_list_with(task)
        def get(self):
            return [held, {"title": "Sweep"}]

        @api.expect(task, validate=True)
        @api.marshal_with(task, code=201, skip_none=True)
        def post(self):
            return {"title": "Sweep"}, 201

    @api.route("/one")
    class One(Resource):
        @api.response(200, "One", task)
        def get(self):
            return api.marshal(held, task)

    @api.route("/raw")
    class Raw(Resource):
        @api.response(200, "As it is", task)
        def get(self):
            return held

    return app


def test_null_is_answered_where_there_is_no_value_and_not_accepted():
    app = null_app()
    root = contract(inspect(app), "v1").root
    schemas = root["components"]["schemas"]
    assert schemas["Task"]["properties"] == {
        "title": {"type": "string"},
        "due": {"type": ["string", "null"], "format": "date-time"},
        "kind": {"type": ["string", "null"], "enum": ["work", "home", None], "examples": ["work"]},
        "done": {"type": "boolean", "default": False},
        "weight": {"type": "integer"},
        "owner": {"anyOf": [{"$ref": "#/components/schemas/A_person"}, {"type": "null"}]},
        "helpers": {"type": ["array", "null"], "items": {"$ref": "#/components/schemas/A_personInput"}},
        "link": {"type": "string"},
    }
    assert schemas["TaskInput"]["properties"]["due"] == {"type": "string", "format": "date-time"}
    assert schemas["A_person"]["properties"]["mail"] == {"type": ["string", "null"]}
    assert schemas["A_personInput"]["properties"]["mail"] == {"type": "string"}

    def judge(part):
        schema = part["content"]["application/json"]["schema"]
        return jsonschema.Draft202012Validator({**schema, "components": root["components"]})

    client = app.test_client()
    for path, method in [("/tasks", "get"), ("/tasks", "post"), ("/one", "get"), ("/raw", "get")]:
        operation = root["paths"][path][method]
        answer = client.open(f"/api/v1{path}", method=method, json={"title": "Sweep"})
        assert str(answer.status_code) in operation["responses"]
        judge(operation["responses"][str(answer.status_code)]).validate(answer.json)
    body = judge(root["paths"]["/tasks"]["post"]["requestBody"])
    for sent in ({"title": "Sweep"}, {"title": "Sweep", "due": None}, {"title": "Sweep", "kind": None}):
        accepted = client.post("/api/v1/tasks", json=sent).status_code == 201
        assert accepted == body.is_valid(sent)
    assert not judge(root["paths"]["/tasks"]["post"]["responses"]["201"]).is_valid(
        {"title": "Sweep", "due": None}
    )


@pytest.mark.parametrize("required", [False, True])
def test_one_of_several_models_is_null_where_it_is_not_required(required):
    from flask import Flask
    from flask_restx import Api, Resource, fields

    app = Flask(__name__)
    api = Api(app, prefix="/api/v1")
    base = api.model("Animal", {"name": fields.String(required=True)})
    cat, dog = api.inherit("Cat", base, {}), api.inherit("Dog", base, {})
    home = api.model("Home", {"animal": fields.Polymorph({dict: cat, list: dog}, required=required)})

    @api.route("/home")
    class Home(Resource):
        @api.marshal_with(home)
        def get(self):
            return {}

    root = contract(inspect(app), "v1").root
    schema = {**root["components"]["schemas"]["Home"], "components": root["components"]}
    assert jsonschema.Draft202012Validator(schema).is_valid({"animal": None}) != required
    if not required:
        assert app.test_client().get("/api/v1/home").json == {"animal": None}
