"""What `apiver.yaml` says about loading the app, and how it refuses what it cannot mean."""

from __future__ import annotations

from pathlib import Path

import pytest

from apiver.errors import InputError
from apiver.manifest import AppSettings, read_settings


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def settings(text: str) -> AppSettings:
    Path("apiver.yaml").write_text(text, encoding="utf-8")
    return read_settings("apiver.yaml")


def refused(text: str) -> InputError:
    with pytest.raises(InputError) as caught:
        settings(text)
    assert caught.value.exit_code == 4
    return caught.value


def test_an_import_string(tmp_path: Path) -> None:
    found = settings('title: The Shop\napp: "shop:create_app()"\n')
    assert found == AppSettings(
        "shop:create_app()", cwd=str(tmp_path), title="The Shop", where="apiver.yaml:2:6"
    )


def test_everything_at_once(tmp_path: Path) -> None:
    (tmp_path / "service").mkdir()
    found = settings(
        """
apiver: 1
app:
  import: shop:create_app
  args: [testing, 3, {debug: true}]
  env: {PORT: 5000, DEBUG: true, EMPTY: "", RATE: 1.50}
  cwd: service
  preload: prepare.py
"""
    )
    assert found.import_name == "shop:create_app"
    assert (found.args, found.kwargs) == (("testing", 3, {"debug": True}), {})
    assert found.env == {"PORT": "5000", "DEBUG": "true", "EMPTY": "", "RATE": "1.50"}
    assert found.cwd == str(tmp_path / "service")
    assert found.preload == "prepare.py"
    assert found.title is None


def test_arguments_by_name() -> None:
    found = settings("app: {import: shop, args: {stage: testing, retries: 2}}")
    assert (found.args, found.kwargs) == ((), {"stage": "testing", "retries": 2})


def test_anchors_and_merge_keys() -> None:
    found = settings("app:\n  env: {<<: &base {A: x}, B: y}\n  args: [*base]\n")
    assert found.env == {"B": "y", "A": "x"}
    assert found.args == ({"A": "x"},)


@pytest.mark.parametrize("text", ["", "\n# only a comment\n", "title: Shop\n"])
def test_a_manifest_that_names_no_app(text: str, tmp_path: Path) -> None:
    found = settings(text)
    assert (found.import_name, found.cwd) == (None, str(tmp_path))


def test_folders_are_relative_to_the_manifest(tmp_path: Path) -> None:
    (tmp_path / "deploy" / "service").mkdir(parents=True)
    Path("deploy/apiver.yaml").write_text("app: {import: shop, cwd: service}")
    assert read_settings("deploy/apiver.yaml").cwd == str(tmp_path / "deploy" / "service")


def test_the_other_keys_of_a_manifest_are_left_to_others() -> None:
    found = settings(
        "app: shop\nselector: {header: API-Version}\nversions: {v1: {status: stable}}\n"
        "policy: {profile: default}\nrules: {}\naccepted: []\n"
    )
    assert found.import_name == "shop"


def test_a_byte_order_mark_and_windows_lines() -> None:
    Path("apiver.yaml").write_bytes("\ufeffapp: shop\r\ntitle: Café\r\n".encode())
    found = read_settings("apiver.yaml")
    assert (found.import_name, found.title) == ("shop", "Café")


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        ("- app", "1:1", "a manifest must be a mapping"),
        ("app: shop\napp: shop", "2:1", "app is given twice"),
        ("app: [shop]", "1:6", "app must be a string, not a list"),
        ("app: 3", "1:6", "app must be a string, not 3"),
        ("app:", "1:5", "app says nothing"),
        ('app: ""', "1:6", "app says nothing"),
        ("app:\n  import: {a: b}", "2:11", "app.import must be a string, not a mapping"),
        ("app:\n  args: testing", "2:9", "app.args must be a list or a mapping, not a string"),
        ("app:\n  args: [!!python/name:os.system x]", "2:10", "app.args[0] cannot be understood"),
        ("app:\n  env: [A=b]", "2:8", "app.env must be a mapping, not a list"),
        ("app:\n  env: {A: [b]}", "2:12", "app.env.A must be a string, not a list"),
        ("app:\n  env: {A: }", "2:11", "app.env.A must be a string, not nothing"),
        ("app:\n  cwd: nowhere", "2:8", "app.cwd: there is no folder"),
        ("app:\n  preload: [a.py]", "2:12", "app.preload must be a string, not a list"),
        ("title: 2024", "1:8", "title must be a string, not 2024"),
        ("title: [a]", "1:8", "title must be a string, not a list"),
        ("apiver: 2", "1:9", "this manifest has format 2, this apiver reads format 1"),
        ("app: {import: shop", "1:19", "not valid YAML"),
        ("app: shop\n\ttitle: x", "2:1", "not valid YAML"),
        ("app: *nobody", "1:6", "not valid YAML"),
        ("a: b\n---\nc: d", "2:1", "not valid YAML"),
        ("title: \x07", "1", "not valid YAML"),
    ],
)
def test_what_is_refused_and_where(text: str, where: str, what: str) -> None:
    error = refused(text)
    assert error.what.startswith(what)
    assert error.where == f"apiver.yaml:{where}"


@pytest.mark.parametrize(
    ("text", "where", "what", "remedy"),
    [
        ("app:\n  imprt: shop", "2:3", "unknown key app.imprt", "did you mean import?"),
        ("app:\n  import: shop\n  envs: {}", "3:3", "unknown key app.envs", "did you mean env?"),
        ("titel: Shop", "1:1", "unknown key titel", "did you mean title?"),
        ("app: {zzz: 1}", "1:7", "unknown key app.zzz", "known here: import, args, env, cwd, preload"),
    ],
)
def test_an_unknown_key_is_refused_with_the_known_one(text: str, where: str, what: str, remedy: str) -> None:
    error = refused(text)
    assert (error.where, error.what, error.remedy) == (f"apiver.yaml:{where}", what, remedy)


def test_a_file_that_is_not_there() -> None:
    with pytest.raises(InputError, match=r"there is no file other\.yaml"):
        read_settings("other.yaml")


def test_a_folder_and_a_file_that_is_no_text() -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_settings(".")
    Path("apiver.yaml").write_bytes(b"app: sh\xffp")
    with pytest.raises(InputError, match="not UTF-8") as caught:
        read_settings("apiver.yaml")
    assert caught.value.where == "apiver.yaml: byte 7"


def test_the_file_that_declares_a_version(tmp_path: Path) -> None:
    Path("deploy").mkdir()
    Path("deploy/apiver.yaml").write_text("versions:\n  v1: {declared: openapi/v1.yaml}\n  v2: {}\n")
    first, second = read_settings("deploy/apiver.yaml").versions
    assert first.declared is not None
    assert first.declared == ("openapi/v1.yaml", "deploy/openapi/v1.yaml", "deploy/apiver.yaml:2:18")
    assert second.declared is None


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        ("versions: {v1: {declared: }}", "1:26", "versions.v1.declared says nothing"),
        ("versions: {v1: {declared: [a]}}", "1:27", "versions.v1.declared must be a string, not a list"),
        ("versions: {v1: {declared: 3}}", "1:27", "versions.v1.declared must be a string, not 3"),
    ],
)
def test_a_declared_file_that_cannot_be_one(text: str, where: str, what: str) -> None:
    error = refused(text)
    assert error.where == f"apiver.yaml:{where}"
    assert error.what == what
