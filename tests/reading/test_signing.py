"""Hooks that sign somebody in or look for forgery, and what they do not make of every view."""

from __future__ import annotations

import importlib

APP = "signing"

EITHER = [{"authorization": []}, {"session": []}]


def test_a_session_that_a_hook_fills_need_not_be_sent(read):
    found = read.operation("GET /me")["security"]
    assert sorted(found, key=str) == EITHER
    client = importlib.import_module(f"reading.{APP}").app.test_client()
    assert client.get("/me").status_code == 403
    assert client.get("/me", headers={"Authorization": "secret"}).status_code == 200
    assert client.get("/me").status_code == 200  # by the cookie that this set
    assert client.get("/me", headers={"Authorization": "wrong"}).status_code == 401


def test_what_a_hook_reads_of_a_body_is_no_body_of_the_view(read):
    body = read.operation("POST /things")["requestBody"]
    assert list(body["content"]) == ["application/json"]
    assert list(body["content"]["application/json"]["schema"]["properties"]) == ["name"]
    assert "requestBody" not in read.operation("GET /me")


def test_a_hook_may_be_a_method(read):
    assert "503" in read.statuses("GET /me")
    assert "4XX" not in read.statuses("GET /me")


def test_a_decorator_of_a_library_around_a_helper_answers_nobody(read):
    assert "4XX" not in read.statuses("GET /helped")
    assert read.properties("GET /helped") == {"number": {"type": "integer"}}
