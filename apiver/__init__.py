"""apiver manages the versions of a Flask API.

The public names below load on first use, so that `import apiver` costs next to nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from apiver.compare import diff as diff
    from apiver.contract.document import Document as Document
    from apiver.inventory.loader import load_app as load_app
    from apiver.reading import contract as export
    from apiver.reading import inspect as inspect

__version__ = "0.1.0"

__all__ = ["Document", "__version__", "diff", "export", "inspect", "load_app"]

# `contract` is taken by the room of that name, so the function has the name of its command.
_HOMES = {
    "Document": ("apiver.contract.document", "Document"),
    "diff": ("apiver.compare", "diff"),
    "export": ("apiver.reading", "contract"),
    "inspect": ("apiver.reading", "inspect"),
    "load_app": ("apiver.inventory.loader", "load_app"),
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'apiver' has no attribute {name!r}")
    from importlib import import_module

    module, attribute = _HOMES[name]
    return getattr(import_module(module), attribute)


def __dir__() -> list[str]:
    return __all__
