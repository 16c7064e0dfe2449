"""A name of Flask-SQLAlchemy that flasky imports and that newer releases spell otherwise."""

import flask_sqlalchemy
from flask_sqlalchemy.record_queries import get_recorded_queries

flask_sqlalchemy.get_debug_queries = get_recorded_queries
