"""marshmallow schemas -> JSON Schema 2020-12, each way apart: what `load` accepts, what `dump` writes.

Nothing here imports marshmallow: who has a schema in hand has it loaded.
"""

from __future__ import annotations

from apiver.reading.schemas.marshmallow.fields import EVERY_TYPE as EVERY_TYPE
from apiver.reading.schemas.marshmallow.naming import Direction as Direction
from apiver.reading.schemas.marshmallow.naming import Named as Named
from apiver.reading.schemas.marshmallow.naming import class_name as class_name
from apiver.reading.schemas.marshmallow.naming import identity as identity
from apiver.reading.schemas.marshmallow.parameters import parameters as parameters
from apiver.reading.schemas.marshmallow.schemas import Property as Property
from apiver.reading.schemas.marshmallow.schemas import after_load as after_load
from apiver.reading.schemas.marshmallow.schemas import hooks as hooks
from apiver.reading.schemas.marshmallow.schemas import is_flat as is_flat
from apiver.reading.schemas.marshmallow.schemas import is_schema as is_schema
from apiver.reading.schemas.marshmallow.schemas import json_schema as json_schema
from apiver.reading.schemas.marshmallow.schemas import properties as properties

__all__ = [
    "EVERY_TYPE",
    "Direction",
    "Named",
    "Property",
    "after_load",
    "class_name",
    "hooks",
    "is_flat",
    "is_schema",
    "json_schema",
    "parameters",
    "properties",
]
