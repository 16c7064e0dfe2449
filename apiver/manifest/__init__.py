"""`apiver.yaml`: what its owner says about the app and its versions."""

from __future__ import annotations

from apiver.manifest.settings import AppSettings as AppSettings
from apiver.manifest.settings import read_settings as read_settings

__all__ = ["AppSettings", "read_settings"]
