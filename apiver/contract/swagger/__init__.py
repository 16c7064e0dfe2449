"""Swagger 2.0 as OpenAPI 3.0: one view for all that compares contracts."""

from apiver.contract.swagger.upgrade import upgraded

__all__ = ["upgraded"]
