"""The settings without which udata does not start here."""

import sys

sys.path.insert(0, ".")

from udata.settings import Defaults

Defaults.SECRET_KEY = "x" * 40
Defaults.API_TOKEN_SECRET = "y" * 40
Defaults.SECURITY_PASSWORD_SALT = "z" * 40
Defaults.CACHE_TYPE = "NullCache"
