"""APIFlask: the contract is what the app declares, whatever it has been asked before."""

from __future__ import annotations

import pytest
from apiflask import APIFlask
from apiflask.views import MethodView

from apiver.inventory import inspect
from apiver.reading import contract

NAME = "apiflask"
ADA = {"Authorization": "Bearer ada"}
GOOD = {"title": "Sweep", "minutes": 5, "urgent": True, "labels": ["home"]}


@pytest.fixture
def client(source):
    return type(source)(NAME).app.test_client()


@pytest.mark.parametrize(
    "body",
    [
        GOOD,
        {"title": "Sweep", "minutes": None},
        {**GOOD, "title": ""},
        {**GOOD, "title": "x" * 81},
        {**GOOD, "minutes": 0},
        {**GOOD, "labels": "home"},
        {**GOOD, "state": "done"},
        {"minutes": 5},
        [],
    ],
)
def test_the_app_takes_what_the_contract_allows_and_no_more(source, client, body):
    answer = client.post("/api/v1/tasks", json=body, headers=ADA)
    allowed = source.judge("v1", "POST /tasks").is_valid(body)
    assert answer.status_code == (201 if allowed else 422)
    source.judge("v1", "POST /tasks", answer.status_code).validate(answer.json)


def test_a_body_may_be_left_out_where_nothing_in_it_is_required(client):
    assert client.post("/api/v1/tasks", headers=ADA).status_code == 422
    assert client.patch("/api/v1/tasks/1").status_code == 200


def test_what_else_the_app_answers_is_in_the_contract(source, client):
    for operation, answer, status in [
        ("GET /tasks", client.get("/api/v1/tasks?state=open&labels=a,b&per_page=100"), 200),
        ("GET /tasks", client.get("/api/v1/tasks?per_page=101"), 422),
        ("POST /tasks", client.post("/api/v1/tasks", json=GOOD), 401),
        ("GET /tasks/{task_id}", client.get("/api/v1/tasks/99"), 404),
        ("POST /tasks/{task_id}/done", client.post("/api/v1/tasks/1/done"), 200),
        ("PATCH /tasks/{task_id}", client.patch("/api/v1/tasks/1", json={}), 409),
        ("GET /health", client.get("/api/v1/health"), 200),
    ]:
        assert answer.status_code == status
        source.judge("v1", operation, status).validate(answer.json)
    assert client.delete("/api/v1/tasks/1", headers=ADA).status_code == 204
    assert client.get("/api/v2/tasks?per_page=51").status_code == 422


def test_the_changes_from_one_version_to_the_next(source):
    assert {(rule, subject) for effect, rule, subject in source.changes() if effect == "breaking"} == {
        ("api-removed-without-deprecation", "operation"),
        ("request-parameter-max-decreased", "?per_page"),
        ("request-property-became-not-nullable", "TaskIn.minutes"),
        ("request-property-became-not-nullable", "TaskInUpdate.minutes"),
        ("request-property-became-required", "body.minutes"),
        ("request-property-max-set", "TaskIn.minutes"),
        ("request-property-max-set", "TaskInUpdate.minutes"),
        ("request-property-removed", "body.labels"),
        ("response-property-enum-value-added", "TaskOut.state"),
    }


def small_app(**options):
    """A class whose last method is hidden, and a view that declares nothing."""
    app = APIFlask(__name__, **options)

    class Thing(MethodView):
        @app.output({"name": app_field("String")})
        def get(self):
            return {"name": "thing"}

        @app.doc(hide=True)
        def post(self):
            return {"name": "thing"}

    app.add_url_rule("/api/v1/thing", view_func=Thing.as_view("thing"))

    @app.get("/api/v1/plain")
    def plain():
        return {"plain": True}

    return app


def app_field(name):
    from apiflask import fields

    return getattr(fields, name)()


def declared_by(app, path, method="get"):
    return contract(inspect(app), "v1").root["paths"][path][method]["x-apiver-source"].get("source")


@pytest.mark.parametrize("options", [{}, {"enable_openapi": False}], ids=["with pages", "without"])
def test_what_was_written_before_makes_no_difference(options):
    app = small_app(**options)
    first = contract(inspect(app), "v1").root
    app.spec  # noqa: B018 - writes the document, and marks the views with it
    assert contract(inspect(app), "v1").root == first
    assert declared_by(app, "/thing") == "APIFlask"
    assert declared_by(app, "/thing", "post") is None
    assert declared_by(app, "/plain") is None
    properties = first["paths"]["/thing"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert first["components"]["schemas"][properties["$ref"].rpartition("/")[2]]["properties"] == {
        "name": {"type": "string"}
    }


def test_no_file_is_written(tmp_path):
    app = small_app()
    app.config.update(SYNC_LOCAL_SPEC=True, LOCAL_SPEC_PATH=str(tmp_path / "openapi.json"))
    contract(inspect(app), "v1")
    assert list(tmp_path.iterdir()) == []
    assert app.config["SYNC_LOCAL_SPEC"] is True


def test_an_envelope_around_every_answer_is_read_and_left_alone():
    app = small_app()
    envelope = {"type": "object", "properties": {"data": {"type": "object"}, "page": {"type": "integer"}}}
    app.config["BASE_RESPONSE_SCHEMA"] = envelope
    root = contract(inspect(app), "v1").root
    said = root["paths"]["/thing"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert set(said["properties"]) == {"data", "page"}
    assert envelope["properties"]["data"] == {"type": "object"}


def test_a_document_that_cannot_be_written_is_told_and_its_views_are_read():
    app = small_app()

    @app.spec_processor
    def broken(spec):
        raise RuntimeError("no title")

    root = contract(inspect(app), "v1").root
    assert root["x-apiver-unread"] == ["what apiflask declares could not be read: RuntimeError: no title"]
    assert root["paths"]["/thing"]["get"]["x-apiver-source"]["by"] == "inferred"


def test_each_set_of_fields_of_a_schema_is_declared_on_its_own():
    from apiflask import Schema, fields

    class PetOut(Schema):
        id = fields.Integer(required=True)
        name = fields.String(required=True)
        seen = fields.String(required=True)

    app = APIFlask(__name__)
    pet = {"id": 1, "name": "Tom", "seen": "x"}
    shown = {
        "v1": PetOut,
        "v2": PetOut(exclude=["seen"]),
        "v3": PetOut(only=["id"]),
        "v4": PetOut(exclude=["seen"], partial=True),
    }
    for version, schema in shown.items():

        @app.get(f"/api/{version}/pet", endpoint=version)
        @app.output(schema)
        def one():
            return pet

    declared = {}
    for version in shown:
        root = contract(inspect(app), version).root
        schemas = root["components"]["schemas"].values()
        declared[version] = [(set(one["properties"]), set(one.get("required", ()))) for one in schemas]
        sent = set(app.test_client().get(f"/api/{version}/pet").json)
        assert [properties for properties, _ in declared[version]] == [sent]
    assert declared == {
        "v1": [({"id", "name", "seen"}, {"id", "name", "seen"})],
        "v2": [({"id", "name"}, {"id", "name"})],
        "v3": [({"id"}, {"id"})],
        "v4": [({"id", "name"}, set())],
    }
