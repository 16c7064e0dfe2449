"""Rules become routes, or are left out with the reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Blueprint, Flask
from flask.views import MethodView
from werkzeug.routing import Rule

from apiver.inventory import Route
from apiver.inventory.url_map import UrlMap, read_url_map


def view(**values: Any) -> str:
    raise AssertionError("a view must not run")


def other_view(**values: Any) -> str:
    raise AssertionError("a view must not run")


@pytest.fixture
def app() -> Flask:
    return Flask("shop", static_folder=None)


def listed(found: UrlMap) -> list[str]:
    return [f"{route.method} {route.path}" for route in found.routes]


def only(app: Flask) -> Route:
    (route,) = read_url_map(app).routes
    return route


def test_one_route_for_each_rule_and_method_sorted_by_path_and_method(app: Flask) -> None:
    app.add_url_rule("/b", "b", view, methods=["DELETE", "PUT", "POST", "GET", "PATCH", "REPORT"])
    app.add_url_rule("/a", "a", view)
    assert listed(read_url_map(app)) == [
        "GET /a",
        "GET /b",
        "POST /b",
        "PUT /b",
        "PATCH /b",
        "DELETE /b",
        "REPORT /b",
    ]


def test_head_is_a_route_only_where_get_is_not_answered(app: Flask) -> None:
    app.add_url_rule("/a", "a", view, methods=["GET", "HEAD"])
    app.add_url_rule("/b", "b", view, methods=["HEAD"])
    assert listed(read_url_map(app)) == ["GET /a", "HEAD /b"]


def test_options_is_a_route_only_where_the_view_handles_it(app: Flask) -> None:
    class Items(MethodView):
        def get(self) -> str:
            return ""

        def options(self) -> str:
            return ""

    app.add_url_rule("/automatic", "a", view)
    app.add_url_rule("/listed", "b", view, methods=["GET", "OPTIONS"])
    app.add_url_rule("/forced", "c", view, methods=["GET", "OPTIONS"], provide_automatic_options=True)
    app.add_url_rule("/none", "d", view, provide_automatic_options=False)
    app.add_url_rule("/class", view_func=Items.as_view("e"))
    assert listed(read_url_map(app)) == [
        "GET /automatic",
        "GET /class",
        "OPTIONS /class",
        "GET /forced",
        "GET /listed",
        "OPTIONS /listed",
        "GET /none",
    ]


def test_static_files_are_left_out_but_not_a_view_of_that_name() -> None:
    app = Flask("shop", static_folder="anywhere")
    pages = Blueprint("pages", "shop", static_folder="elsewhere", url_prefix="/pages")
    app.register_blueprint(pages)
    app.add_url_rule("/files/<name>", "unknown.static", view)
    app.add_url_rule("/statics", "statics", view)
    found = read_url_map(app)
    assert listed(found) == ["GET /files/{name}", "GET /statics"]
    assert found.skipped == ()


def test_rules_that_answer_no_request_are_skipped_aloud(app: Flask) -> None:
    app.add_url_rule("/socket", "socket", view, websocket=True)
    app.add_url_rule("/old/<int:id>", "old", view, redirect_to="/new/<id>")
    app.add_url_rule("/older", "older", view, redirect_to=lambda adapter: "/new")
    app.add_url_rule("/cdn", "cdn", view, build_only=True)
    app.add_url_rule("/forgotten", "forgotten", methods=["POST"])
    found = read_url_map(app)
    assert listed(found) == []
    assert found.skipped == (
        ("GET /cdn", "only builds URLs, never answers a request"),
        ("GET /old/<int:id>", "redirects to /new/<id>"),
        ("GET /older", "redirects to where a function says"),
        ("GET /socket", "a websocket, which a contract of requests and responses cannot describe"),
        ("POST /forgotten", "no view is registered for the endpoint forgotten"),
    )


def test_a_websocket_beside_a_page_takes_nothing_from_it(app: Flask) -> None:
    app.add_url_rule("/chat", "socket", view, websocket=True)
    app.add_url_rule("/chat", "page", other_view)
    found = read_url_map(app)
    assert [route.endpoint for route in found.routes] == ["page"]
    assert found.warnings == ()


def test_variables_become_a_template_and_parameters(app: Flask) -> None:
    app.add_url_rule("/a/<int(min=1):id>/<name>.<any(json, xml):form>/<path:rest>", "a", view)
    route = only(app)
    assert route.path == "/a/{id}/{name}.{form}/{rest}"
    assert [(one.name, one.converter, one.schema) for one in route.parameters] == [
        ("id", "int", {"type": "integer", "minimum": 1}),
        ("name", "default", {"type": "string"}),
        ("form", "any", {"type": "string", "enum": ["json", "xml"]}),
        ("rest", "path", {"type": "string"}),
    ]


def test_braces_of_the_url_itself_are_no_variables(app: Flask) -> None:
    app.add_url_rule("/{id}/<id>", "a", view)
    assert only(app).path == "/%7Bid%7D/{id}"


def test_defaults_and_slashes(app: Flask) -> None:
    app.add_url_rule("/pages/", "a", view, defaults={"size": 10, "page": 1}, strict_slashes=False)
    route = only(app)
    assert (route.path, route.defaults, route.strict_slashes) == (
        "/pages/",
        (("page", 1), ("size", 10)),
        False,
    )
    assert route.parameters == ()


def test_a_subdomain_is_told(app: Flask) -> None:
    app.add_url_rule("/a", "a", view, subdomain="api")
    app.add_url_rule("/b", "b", view)
    assert [(route.subdomain, route.host) for route in read_url_map(app).routes] == [
        ("api", None),
        (None, None),
    ]


def test_a_host_is_told_and_hosts_do_not_collide() -> None:
    app = Flask("shop", host_matching=True, static_folder=None)
    app.add_url_rule("/a", "a", view, host="one.example")
    app.add_url_rule("/a", "b", other_view, host="two.example")
    found = read_url_map(app)
    assert [(route.host, route.subdomain) for route in found.routes] == [
        ("one.example", None),
        ("two.example", None),
    ]
    assert found.warnings == ()


def test_a_rule_for_every_method_is_listed_with_the_usual_ones_and_said(app: Flask) -> None:
    app.url_map.add(Rule("/any", endpoint="any"))
    app.view_functions["any"] = view
    found = read_url_map(app)
    assert listed(found) == ["GET /any", "POST /any", "PUT /any", "PATCH /any", "DELETE /any"]
    assert [one.kind for one in found.warnings] == ["any-method"]


def test_the_first_of_two_equal_rules_answers_and_the_other_is_flagged(app: Flask) -> None:
    app.add_url_rule("/books/<int:id>", "show", view)
    app.add_url_rule("/books/<int:number>", "show_again", other_view, methods=["GET", "POST"])
    found = read_url_map(app)
    assert [(route.method, route.endpoint) for route in found.routes] == [
        ("GET", "show"),
        ("POST", "show_again"),
    ]
    (warning,) = found.warnings
    assert warning.kind == "duplicate-rule"
    assert warning.message == (
        "GET /books/<int:number> is registered twice: show answers, show_again never does"
    )
    line = other_view.__code__.co_firstlineno
    assert warning.where is not None
    assert warning.where.endswith(f"test_url_map.py:{line}")


def test_the_first_is_the_first_registered_even_where_its_endpoint_is_not(app: Flask) -> None:
    app.add_url_rule("/early", "late_winner", view)
    app.add_url_rule("/same", "winner", other_view)
    app.add_url_rule("/same", "late_winner", view)
    found = read_url_map(app)
    assert [(route.path, route.endpoint) for route in found.routes] == [
        ("/early", "late_winner"),
        ("/same", "winner"),
    ]
    # Werkzeug itself is the judge.
    assert app.url_map.bind("localhost").match("/same")[0] == "winner"


def test_the_same_view_registered_twice_is_one_route_without_a_warning(app: Flask) -> None:
    app.add_url_rule("/a", "a", view)
    app.add_url_rule("/a", "a", view)
    found = read_url_map(app)
    assert listed(found) == ["GET /a"]
    assert found.warnings == ()


def test_a_redirect_that_comes_first_hides_the_view_behind_it(app: Flask) -> None:
    app.add_url_rule("/a", "old", redirect_to="/b")
    app.add_url_rule("/a", "a", view)
    found = read_url_map(app)
    assert listed(found) == []
    assert found.skipped == (("GET /a", "redirects to /b"),)
    assert [one.kind for one in found.warnings] == ["duplicate-rule"]


def test_a_rule_without_a_view_that_comes_first_hides_the_view_behind_it(app: Flask) -> None:
    app.add_url_rule("/a", "forgotten")
    app.add_url_rule("/a", "a", view)
    found = read_url_map(app)
    assert listed(found) == []
    assert [one.kind for one in found.warnings] == ["duplicate-rule"]


def test_a_variable_of_the_host_is_no_parameter_of_the_path() -> None:
    app = Flask("shop", host_matching=True, static_folder=None)
    app.add_url_rule("/a/<int:id>", "a", view, host="<tenant>.example")
    route = only(app)
    assert [one.name for one in route.parameters] == ["id"]
    assert route.host == "<tenant>.example"


def test_twins_with_and_without_a_slash_are_two_routes(app: Flask) -> None:
    app.add_url_rule("/a", "a", view)
    app.add_url_rule("/a/", "b", other_view)
    found = read_url_map(app)
    assert listed(found) == ["GET /a", "GET /a/"]
    assert found.warnings == ()


def test_rules_that_only_their_converters_tell_apart_are_flagged(app: Flask) -> None:
    app.add_url_rule("/users/<int:id>", "by_id", view)
    app.add_url_rule("/users/<name>", "by_name", other_view)
    found = read_url_map(app)
    assert listed(found) == ["GET /users/{id}", "GET /users/{name}"]
    assert [(one.kind, one.message) for one in found.warnings] == [
        ("ambiguous-path", "GET /users/<int:id> and /users/<name> are the same path in OpenAPI")
    ]


def nested_blueprints(app: Flask) -> None:
    outer, inner = Blueprint("api", "shop"), Blueprint("v1", "shop")
    inner.add_url_rule("/a", "list", view)
    outer.register_blueprint(inner, url_prefix="/inner")
    app.register_blueprint(outer, url_prefix="/outer")


def renamed_blueprint(app: Flask) -> None:
    blueprint = Blueprint("v1", "shop")
    blueprint.add_url_rule("/a", "list", view)
    app.register_blueprint(blueprint, name="api.v1", url_prefix="/outer/inner")


def dotted_endpoint(app: Flask) -> None:
    app.add_url_rule("/outer/inner/a", "api.v1.list", view)


@pytest.mark.parametrize(
    ("register", "blueprint"),
    [(nested_blueprints, "api.v1"), (renamed_blueprint, "api.v1"), (dotted_endpoint, None)],
)
def test_a_blueprint_is_looked_up_never_guessed(
    app: Flask, register: Callable[[Flask], None], blueprint: str | None
) -> None:
    register(app)
    route = only(app)
    assert (route.path, route.endpoint, route.blueprint) == ("/outer/inner/a", "api.v1.list", blueprint)


def test_a_mounted_app_has_its_prefix_and_hides_what_lies_below_it(app: Flask) -> None:
    app.add_url_rule("/a", "a", view)
    app.add_url_rule("/admin", "b", view)
    app.add_url_rule("/admin/users", "c", view)
    app.add_url_rule("/administrators", "d", view)
    found = read_url_map(app, "", ("/admin",))
    assert listed(found) == ["GET /a", "GET /administrators"]
    assert found.skipped == (
        ("GET /admin", "never reached: another app is mounted at /admin"),
        ("GET /admin/users", "never reached: another app is mounted at /admin"),
    )
    (first, *_) = read_url_map(app, "/shop").routes
    assert (first.path, first.rule, first.app) == ("/shop/a", "/shop/a", app)
