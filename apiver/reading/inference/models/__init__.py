"""Classes that say what their instances hold: SQLAlchemy, marshmallow, pydantic; and queries for them."""
