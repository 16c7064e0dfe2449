"""Every way of naming an app that works, and what is around the app while it loads."""

from __future__ import annotations

import os
import shutil
import sys
import threading
from pathlib import Path

import pytest
from flask import Flask

from apiver.errors import AppLoadError
from apiver.inventory import load_app
from apiver.inventory.loader import load_with
from apiver.manifest import AppSettings

pytestmark = pytest.mark.usefixtures("loading")


@pytest.mark.parametrize(
    ("import_name", "app_name"),
    [
        ("corner", "corner"),
        ("corner:app", "corner"),
        ("corner:spare", "spare"),
        ("corner.py", "corner"),
        ("corner.py:spare", "spare"),
        (" corner : spare ", "spare"),
        ("only", "website"),
        ("made", "made"),
        ("made:create_app", "made"),
        ("made:create_app()", "made"),
        ("made:create_app('testing', region='eu')", "made"),
        ("made:build('x')", "made"),
        ("made:Holder.website", "held"),
        ("pantry", "pantry"),
        ("pantry:create_app", "pantry"),
        ("pantry/__init__.py", "pantry"),
        ("conventional/app.py", "from-app"),
        ("wrapped:proxied", "admin"),
        ("wrapped:connected", "front"),
    ],
)
def test_an_app_is_found_by_its_import_string(import_name: str, app_name: str) -> None:
    assert load_app(import_name).app.name == app_name


def test_the_name_is_as_the_user_calls_it() -> None:
    loaded = load_app("made:create_app")
    assert (loaded.name, loaded.import_path) == ("made:create_app", "made")


def test_a_relative_file_is_named_by_its_module() -> None:
    assert load_app("pantry/__init__.py").import_path == "pantry"


def test_arguments_in_the_import_string_reach_the_factory() -> None:
    config = load_app("made:create_app('testing', region='eu')").app.config
    assert (config["STAGE"], config["REGION"]) == ("testing", "eu")


def test_arguments_in_the_settings_reach_the_factory_that_they_name() -> None:
    config = load_app(settings=AppSettings("made:create_app", ("testing",), {"region": "eu"})).app.config
    assert (config["STAGE"], config["REGION"]) == ("testing", "eu")


def test_arguments_in_the_settings_reach_a_factory_that_is_found() -> None:
    assert load_app(settings=AppSettings("made", kwargs={"region": "eu"})).app.config["REGION"] == "eu"


def test_arguments_may_not_be_given_twice() -> None:
    settings = AppSettings("made:create_app('a')", ("b",), where="apiver.yaml:1:6")
    with pytest.raises(AppLoadError, match="given twice") as caught:
        load_app(settings=settings)
    assert caught.value.where == "apiver.yaml:1:6"


def test_the_argument_goes_before_the_settings_and_those_before_flask_app(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FLASK_APP", "corner:spare")
    settings = AppSettings("only")
    assert load_app("pantry", settings=settings).app.name == "pantry"
    assert load_app(settings=settings).app.name == "website"
    assert load_app().app.name == "spare"


def test_arguments_of_the_manifests_factory_are_not_given_to_another() -> None:
    assert load_app("made", settings=AppSettings("pantry", ("x",))).app.config["STAGE"] == "development"


def test_without_a_name_wsgi_py_comes_before_app_py(tmp_path: Path) -> None:
    shutil.copytree("conventional", tmp_path, dirs_exist_ok=True)
    assert load_app(settings=AppSettings(cwd=str(tmp_path))).app.name == "from-wsgi"
    del sys.modules["wsgi"]
    (tmp_path / "wsgi.py").unlink()
    assert load_app(settings=AppSettings(cwd=str(tmp_path))).app.name == "from-app"


def test_without_any_name_the_modules_that_make_an_app_are_listed(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "__init__.py").write_text("app = Flask(__name__)\n")
    (tmp_path / "tools.py").write_text("print()\n")
    with pytest.raises(AppLoadError) as caught:
        load_app(settings=AppSettings(cwd=str(tmp_path)))
    assert "--app shop" in str(caught.value.remedy)
    assert "tools" not in str(caught.value)


def test_a_dispatcher_without_an_app_at_its_root() -> None:
    loaded = load_app("dispatched")
    assert (loaded.prefix, loaded.app.name) == ("/api/v1", "first")
    assert [(prefix, app.name) for prefix, app in loaded.mounts] == [("/api/v2", "second")]


def test_a_dispatcher_inside_of_the_apps_own_wsgi_side() -> None:
    loaded = load_app("wrapped")
    assert (loaded.prefix, loaded.app.name) == ("", "front")
    assert [(prefix, app.name) for prefix, app in loaded.mounts] == [("/admin", "admin")]


def test_the_surroundings_are_prepared_and_put_back(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, loading: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["apiver", "inspect", "--format", "json"])
    settings = AppSettings(
        "prepared", env={"PREPARED_COLOUR": "blue"}, cwd=str(loading), preload="prepare.py", title="Prepared"
    )
    loaded = load_app(settings=settings)
    config = loaded.app.config
    assert (config["COLOUR"], config["LETTER"], config["ARGUMENTS"]) == ("blue", "S", [])
    assert config["BEFORE"].__name__ == "__preload__"
    assert loaded.title == "Prepared"
    assert Path.cwd() == tmp_path
    assert "PREPARED_COLOUR" not in os.environ
    assert sys.argv == ["apiver", "inspect", "--format", "json"]
    monkeypatch.chdir(loading)


def test_a_variable_that_was_set_before_gets_its_value_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREPARED_COLOUR", "red")
    settings = AppSettings("prepared", env={"PREPARED_COLOUR": "blue"}, preload="prepare.py")
    assert load_app(settings=settings).app.config["COLOUR"] == "blue"
    assert os.environ["PREPARED_COLOUR"] == "red"


def test_a_script_to_preload_that_is_not_there() -> None:
    with pytest.raises(AppLoadError, match=r"preload, prepar\.py, is not there") as caught:
        load_app(settings=AppSettings("prepared", preload="prepar.py", where="apiver.yaml:3:1"))
    assert caught.value.where == "apiver.yaml:3:1"


def test_a_folder_that_is_not_there() -> None:
    with pytest.raises(AppLoadError, match="cannot work in /nowhere/at/all"):
        load_app(settings=AppSettings("corner", cwd="/nowhere/at/all"))


def test_loading_works_outside_of_the_main_thread() -> None:
    names = []
    thread = threading.Thread(target=lambda: names.append(load_app("corner").app.name))
    thread.start()
    thread.join()
    assert names == ["corner"]


def test_a_ready_made_factory_is_guarded_in_the_same_way() -> None:
    def fail() -> Flask:
        raise RuntimeError("no database")

    assert load_with(lambda: Flask("ready"), "flask").app.name == "ready"
    with pytest.raises(AppLoadError, match="flask raised RuntimeError while it was loading: no database"):
        load_with(fail, "flask")


def test_the_interrupt_key_is_not_taken_for_a_failure_of_the_app() -> None:
    def interrupt() -> Flask:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load_with(interrupt, "flask")


def test_a_flaskenv_file_names_the_app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("dotenv")
    shutil.copy("corner.py", tmp_path / "shop.py")
    (tmp_path / ".flaskenv").write_text("FLASK_APP=shop:spare\n")
    try:
        assert load_app(settings=AppSettings(cwd=str(tmp_path))).app.name == "spare"
    finally:
        os.environ.pop("FLASK_APP", None)
