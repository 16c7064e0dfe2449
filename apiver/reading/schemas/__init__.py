"""Schemas and classes of a loaded program -> JSON Schema (draft 2020-12)."""
