"""apiver manages the versions of a Flask API.

The public names below load on first use, so that `import apiver` costs next to nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from apiver.compare import diff as diff
    from apiver.contract.document import Document as Document
    from apiver.inventory import inspect as inspect
    from apiver.inventory.loader import load_app as load_app
    from apiver.reading import contract as contract

__version__ = "0.1.0"

__all__ = ["Document", "__version__", "contract", "diff", "inspect", "load_app"]

_HOMES = {
    "Document": "apiver.contract.document",
    "contract": "apiver.reading",
    "diff": "apiver.compare",
    "inspect": "apiver.inventory",
    "load_app": "apiver.inventory.loader",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'apiver' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return __all__
