"""What a Flask app serves: loading it, its routes, and its versions."""

from __future__ import annotations

from apiver.inventory.inspection import inspect as inspect
from apiver.inventory.loader import LoadedApp as LoadedApp
from apiver.inventory.loader import load_app as load_app
from apiver.inventory.routes import PathParameter as PathParameter
from apiver.inventory.routes import Route as Route
from apiver.inventory.versions import Inventory as Inventory
from apiver.inventory.versions import Version as Version
from apiver.inventory.versions import Warning as Warning

__all__ = ["Inventory", "LoadedApp", "PathParameter", "Route", "Version", "Warning", "inspect", "load_app"]
