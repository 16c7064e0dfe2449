"""What cannot be read is said with its reason, and never stops the rest."""

from __future__ import annotations

import contextlib
import importlib
from datetime import datetime

import pytest
from flask import Flask, redirect, request, session
from flask.json.provider import DefaultJSONProvider

from apiver.errors import UsageError
from apiver.inventory import inspect
from apiver.reading import contract
from apiver.reading.account import account
from apiver.reading.inference import interpreter
from apiver.reading.inference.program import expressions

APP = "limits"
UNKNOWN = "x-apiver-unknown"


def test_a_function_without_source_is_unknown_unless_its_annotation_speaks(read):
    found = read.properties("GET /hidden")
    assert found["known"] == {"type": "integer"}
    assert "source of hidden()" in found["hidden"][UNKNOWN]
    assert found["typed"] == {"type": "object", "additionalProperties": {"type": "integer"}}


def test_a_view_without_source_is_an_unknown_response(read):
    response = read.response("GET /view/hidden", "default")
    assert "source of hidden()" in response[UNKNOWN]


def test_a_lambda_is_a_view_like_any_other(read):
    assert read.properties("GET /view/lambda") == {"id": {"type": "integer"}}


def test_recursion_is_cut(read):
    assert read.statuses("GET /recursive") == ["200"]
    assert "next" in read.properties("GET /recursive")
    assert read.schema("GET /endless")["type"] == "array"


def test_cached_functions_are_followed(read):
    assert read.properties("GET /cached") == {"id": {"type": "integer"}}


def test_a_proxy_is_never_woken(read):
    found = read.properties("GET /proxy")
    assert "proxy" in found["name"][UNKNOWN]
    assert found["id"] == {"type": "integer"}


def test_unknown_keys_leave_the_known_ones_in_their_place(read):
    found = read.schema("GET /spread")
    assert found["properties"] == {"id": {UNKNOWN: "it is parsed from JSON text"}}
    assert found["required"] == ["id"]
    assert "further keys" in found[UNKNOWN]
    assert "getattr()" in read.properties("GET /dynamic/{name}")["value"][UNKNOWN]


def test_a_computed_status_is_the_default_response(read):
    assert read.statuses("GET /status") == ["400", "default"]
    assert read.properties("GET /status", "default") == {"id": {"type": "integer"}}


def test_a_path_that_returns_nothing_is_no_response(read):
    assert read.statuses("GET /none") == ["200"]


def test_two_rules_with_one_template_are_two_operations(read):
    assert read.properties("GET /numbers/{id}") == {"number": {"type": "integer"}}
    assert read.properties("GET /numbers/{id_string}") == {"name": {"type": "string"}}
    assert read.parameters("GET /numbers/{id_string}") == {
        ("path", "id_string"): {"required": True, "schema": {"type": "string"}}
    }


def test_many_branches_stay_cheap(read):
    found = read.schema("GET /many")
    assert set(found["properties"]) == set("abcdef")
    assert "required" not in found


def test_views_made_in_a_loop(read):
    assert [read.properties(f"GET /loop/{n}") for n in range(3)] == [{"number": {"type": "integer"}}] * 3


def test_an_own_json_provider_is_not_guessed():
    class Provider(DefaultJSONProvider):
        pass

    app = Flask("provided")
    app.json = Provider(app)
    app.add_url_rule("/now", "now", lambda: {"now": datetime.now(), "n": 1})
    root = contract(inspect(app), "v1").root
    schema = root["paths"]["/now"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert "own way" in schema["properties"]["now"][UNKNOWN]


def test_a_failure_of_the_reader_is_told_and_stops_nothing(monkeypatch):
    app = Flask("failing")
    app.add_url_rule("/bad", "bad", lambda: {"id": [1][0]})
    app.add_url_rule("/good", "good", lambda: {"id": 1})

    def fails(*arguments):
        raise ZeroDivisionError("of the reader")

    monkeypatch.setattr(expressions, "subscript", fails)
    document = contract(inspect(app), "v1")
    bad, good = (document.root["paths"][path]["get"] for path in ("/bad", "/good"))
    assert "of the reader" in bad[UNKNOWN]
    assert UNKNOWN not in good
    assert any("of the reader" in gap.reason for gap in account(document).gaps)


def test_a_view_that_takes_too_long_is_given_up(monkeypatch):
    app = Flask("long")
    app.add_url_rule("/long", "long", lambda: {"a": [n * 2 for n in (1, 2, 3)], "b": {"c": 1, "d": 2}})
    monkeypatch.setattr(interpreter, "MOST_STEPS", 5)
    responses = contract(inspect(app), "v1").root["paths"]["/long"]["get"]["responses"]
    assert "too long" in responses["default"][UNKNOWN]


def test_no_reader_failed_on_any_fixture(read):
    reasons = [gap.reason for gap in account(read.document).gaps]
    assert reasons
    assert [reason for reason in reasons if "apiver failed" in reason] == []


def test_an_unknown_version_is_refused():
    app = Flask("one")
    app.add_url_rule("/api/v1/x", "x", lambda: "")
    with pytest.raises(UsageError, match="no version v9"):
        contract(inspect(app), "v9")


def test_reading_leaves_the_app_as_it_was(read):
    module = importlib.import_module("reading.models")  # `read` has put the fixtures on the path
    app = module.app

    def state():
        return (
            {name: id(view) for name, view in app.view_functions.items()},
            [str(rule) for rule in app.url_map.iter_rules()],
            {name: dict(hooks) for name, hooks in app.error_handler_spec.items()},
            sorted(app.extensions),
            {name: id(value) for name, value in vars(module).items()},
            [model.__mapper__.configured for model in (module.Author, module.Book)],
        )

    before = state()
    contract(inspect(app), "v1")
    assert state() == before
    assert before[-1] == [False, False]


@contextlib.contextmanager
def transaction():
    yield


def test_a_decorator_of_a_library_may_refuse_and_changes_nothing_else():
    app = Flask("decorated")
    app.add_url_rule("/book", "book", transaction()(lambda: {"id": 1}))
    responses = contract(inspect(app), "v1").root["paths"]["/book"]["get"]["responses"]
    assert responses["200"]["content"]["application/json"]["schema"]["required"] == ["id"]
    assert "contextlib" in responses["4XX"][UNKNOWN]
    assert set(responses) == {"200", "4XX"}


def test_a_hook_that_redirects_does_not_loosen_what_the_view_demands():
    app = Flask("hooked")

    @app.before_request
    def confirmed():
        return redirect("/confirm") if "unconfirmed" in session else None

    @app.post("/books")
    def create():
        title = str(request.json["title"])
        return {"title": title}

    body = contract(inspect(app), "v1").root["paths"]["/books"]["post"]["requestBody"]
    assert body["required"] is True
    assert body["content"]["application/json"]["schema"]["required"] == ["title"]
