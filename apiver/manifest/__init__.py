"""`apiver.yaml`: what its owner says about the app and its versions."""

from __future__ import annotations

from apiver.manifest.selector import Selector as Selector
from apiver.manifest.selector import Way as Way
from apiver.manifest.settings import AppSettings as AppSettings
from apiver.manifest.settings import read_settings as read_settings
from apiver.manifest.versions import DeclaredFile as DeclaredFile
from apiver.manifest.versions import VersionSettings as VersionSettings

__all__ = ["AppSettings", "Selector", "VersionSettings", "Way", "read_settings"]
