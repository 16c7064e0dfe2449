"""Nothing of what passes may get into the store: secrets are put everywhere, and looked for in every byte."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pytest
from flask import Flask, Response, jsonify, request
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apiver.recording.journal import Journal, read_journal
from apiver.recording.observer import Observer
from apiver.recording.selection import Selection
from apiver.recording.store import collect, written
from apiver.recording.words import Words, looks_like_a_name

# A word that looks like a name as much as like anything else, in every spelling, and other texts.
_WORDS = st.text("bcdfghjklmnpqrstvwxz", min_size=10, max_size=16)
SECRETS = st.one_of(
    _WORDS,
    _WORDS.map(lambda word: f"{word[:4]}_{word[4:]}"),
    _WORDS.map(lambda word: f"{word}@example.org"),
    _WORDS.map(lambda word: f"Dr. {word}"),
    _WORDS.map(lambda word: f"https://{word}.example/x"),
    st.integers(10**9, 10**15).map(str),
    st.uuids().map(str),
    st.binary(min_size=8, max_size=16).map(lambda data: data.hex()),
    st.decimals(10**6, 10**9, places=4).map(str),
    st.text("äöüßçéαβγд", min_size=10, max_size=14),
)
BODIES = st.recursive(
    SECRETS | st.integers(10**9, 10**12) | st.floats(1e9, 1e12) | st.none() | st.booleans(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(SECRETS | st.just("title"), inner, max_size=3)
    ),
    max_leaves=8,
)


def leaves(value: object) -> list[str]:
    """Every key and every value that is a secret, as it would be written."""
    if isinstance(value, dict):
        return [
            *(key for key in value if key != "title"),
            *(leaf for one in value.values() for leaf in leaves(one)),
        ]
    if isinstance(value, list):
        return [leaf for one in value for leaf in leaves(one)]
    return [] if value is None or isinstance(value, bool) else [str(value)]


def app() -> Flask:
    made = Flask("diary")

    @made.route("/<owner>/notes", methods=["GET", "POST", "PUT"])
    def notes(owner: str) -> Response:
        held = request.get_json(silent=True) if request.is_json else request.form.to_dict()
        response = jsonify({"title": held, owner: held, **request.args.to_dict()})
        for name in ("X-Trace", "ETag", "Location", "Set-Cookie", "X-Auth"):
            value = request.headers.get("X-Value", "-")
            response.headers[name] = value
        response.headers[f"X-{request.headers['X-Key']}"] = "1"
        if "kind" in request.args:
            response.headers["Content-Type"] = f"application/{request.headers['X-Key']}"
        response.set_cookie("visitor", request.headers["X-Key"])
        return response

    return made


@pytest.fixture(scope="module")
def observer(tmp_path_factory):
    """One observer for all examples: it reads the words of the program once."""
    watching = Observer(Journal(str(tmp_path_factory.mktemp("journals"))), Selection())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Flask, "wsgi_app", watching.around(Flask.wsgi_app))
        yield watching


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=BODIES,
    path=SECRETS,
    query=st.dictionaries(SECRETS | st.sampled_from(["title", "kind"]), SECRETS, max_size=3),
    word=_WORDS,
    number=st.integers(10**9, 10**12),
    as_form=st.booleans(),
)
def test_no_secret_is_in_any_byte_of_the_store_or_of_a_journal(
    observer, body, path, query, word, number, as_form
):
    secrets = [
        *leaves(body),
        path,
        *query.values(),
        *(key for key in query if key not in ("title", "kind")),
        word,
    ]
    headers = {
        "Authorization": f"Bearer {word}",
        "X-Value": f"{word}-{number}",
        "X-Key": word,
        f"X-{word}": str(number),
        "User-Agent": word,
        "Accept": f"text/{word}",
    }
    with tempfile.TemporaryDirectory() as folder:
        observer.journal = Journal(folder)
        client = app().test_client()
        client.set_cookie(word, word)
        quoted = path.replace("/", "-").replace("?", "-")
        data = {"data": {word: word, "title": word}} if as_form else {"json": body}
        answer = client.post(f"/{quoted}/notes", query_string=query, headers=headers, **data)
        assert answer.status_code == 200
        client.get(f"/{quoted}/{word}", headers=headers)
        client.open(f"/{quoted}/notes", method="PUT", headers={**headers, "Content-Type": f"text/{word}"})
        answer.get_data()
        journals = sorted(Path(folder).glob("*.journal"))
        store, tally = collect(entry for journal in journals for entry in read_journal(journal))
        kept = "".join(journal.read_text() for journal in journals) + written(store)
    assert tally.requests == 3
    assert "title" in kept
    for secret in [*secrets, str(number), quoted]:
        for spelling in (
            secret,
            json.dumps(secret)[1:-1],
            secret.lower(),
            secret.title(),
            secret.replace("_", ""),
        ):
            assert spelling not in kept


@pytest.mark.parametrize(
    "word",
    [
        "2024", "a@b.org", "9f8b4c2d1e", "1f4e", "Jane Austen", "+49301234", "x" * 65, "",
        "3f2504e0-4f89-11d3-9a0c-0305e82c3301", "978-0141439587", "a/b", "user:12345",
    ],
)  # fmt: skip
def test_what_looks_like_data_is_no_name(word):
    assert not looks_like_a_name(word)


@pytest.mark.parametrize(
    "word", ["id", "first_name", "firstName", "$schema", "@type", "x-rate", "_links", "größe", "v1"]
)
def test_what_looks_like_a_name_may_be_one(word):
    assert looks_like_a_name(word)


def test_the_columns_of_tables_are_names_and_what_is_put_into_them_is_not(tmp_path):
    (tmp_path / "schema.sql").write_text(
        "create table zwjkq_post (\n  zwjkq_title text not null default 'zwjkqsecret' -- zwjkqhint\n);\n"
        "insert into zwjkq_post values ('zwjkqann', zwjkqother);\n"
    )
    words = Words()
    words.belong(set(), str(tmp_path))
    assert words.is_name("zwjkq_title")
    assert not any(words.is_name(word) for word in ("zwjkqsecret", "zwjkqhint", "zwjkqann", "zwjkqother"))
