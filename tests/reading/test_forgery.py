"""The hook of Flask-WTF's CSRFProtect refuses what changes something, but for views that are exempt."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask, request
from flask_wtf import CSRFProtect

from apiver.inventory import inspect
from apiver.reading import contract


def made() -> Flask:
    app = Flask("forgery")
    app.secret_key = "x"
    protect = CSRFProtect(app)

    @app.route("/api/v1/things", methods=["GET", "POST"])
    def things() -> Any:
        return {"ok": True}

    @app.post("/api/v1/free")
    @protect.exempt
    def free() -> Any:
        return {"name": str(request.get_json()["name"])}

    return app


@pytest.mark.parametrize(
    ("path", "method", "protected"),
    [("/things", "get", False), ("/things", "post", True), ("/free", "post", False)],
)
def test_the_hook(path: str, method: str, protected: bool) -> None:
    app = made()
    operation = contract(inspect(app), "v1").root["paths"][path][method]
    names = [parameter["name"] for parameter in operation.get("parameters", ())]
    assert names == (["X-CSRF-Token", "X-CSRFToken"] if protected else [])
    assert "4XX" not in operation["responses"]
    assert ("400" in operation["responses"]) is (protected or path == "/free")
    answer = app.test_client().open(
        f"/api/v1{path}", method=method, json={"name": "x"} if path == "/free" else None
    )
    assert answer.status_code == (400 if protected else 200)
    assert "security" not in operation
