"""What the calls of the standard library and of Flask's neighbours return.

Functions are found by identity, so `from time import time as now` is the same as `time.time`. Modules that
the app did not load are not imported for it.
"""

from __future__ import annotations

import datetime
import decimal
import io
import sys
import uuid
from collections.abc import Mapping
from typing import Any

_FUNCTIONS: Mapping[str, type] = {
    "builtins.len": int,
    "builtins.abs": float,
    "builtins.ord": int,
    "builtins.hash": int,
    "builtins.id": int,
    "builtins.chr": str,
    "builtins.hex": str,
    "builtins.bin": str,
    "builtins.oct": str,
    "builtins.repr": str,
    "builtins.format": str,
    "builtins.ascii": str,
    "builtins.callable": bool,
    "builtins.hasattr": bool,
    "builtins.isinstance": bool,
    "builtins.issubclass": bool,
    "time.time": float,
    "time.monotonic": float,
    "time.perf_counter": float,
    "time.time_ns": int,
    "time.strftime": str,
    "time.ctime": str,
    "math.ceil": int,
    "math.floor": int,
    "math.trunc": int,
    "math.sqrt": float,
    "math.pow": float,
    "math.log": float,
    "math.log10": float,
    "math.hypot": float,
    "math.isnan": bool,
    "random.random": float,
    "random.uniform": float,
    "random.randint": int,
    "random.randrange": int,
    "uuid.uuid1": uuid.UUID,
    "uuid.uuid3": uuid.UUID,
    "uuid.uuid4": uuid.UUID,
    "uuid.uuid5": uuid.UUID,
    "uuid.getnode": int,
    "secrets.token_hex": str,
    "secrets.token_urlsafe": str,
    "secrets.randbelow": int,
    "secrets.compare_digest": bool,
    "hmac.compare_digest": bool,
    "os.getcwd": str,
    "os.getpid": int,
    "os.urandom": bytes,
    "os.path.join": str,
    "os.path.basename": str,
    "os.path.dirname": str,
    "os.path.exists": bool,
    "os.path.isfile": bool,
    "os.path.getsize": int,
    "platform.node": str,
    "platform.system": str,
    "platform.python_version": str,
    "socket.gethostname": str,
    "base64.b64encode": bytes,
    "base64.b64decode": bytes,
    "base64.urlsafe_b64encode": bytes,
    "base64.urlsafe_b64decode": bytes,
    "zlib.compress": bytes,
    "zlib.decompress": bytes,
    "gzip.compress": bytes,
    "gzip.decompress": bytes,
    "html.escape": str,
    "textwrap.shorten": str,
    "textwrap.dedent": str,
    "urllib.parse.quote": str,
    "urllib.parse.quote_plus": str,
    "urllib.parse.unquote": str,
    "urllib.parse.urlencode": str,
    "urllib.parse.urljoin": str,
    "urllib.parse.urlunparse": str,
    "urllib.parse.urlunsplit": str,
    "statistics.mean": float,
    "statistics.median": float,
    "statistics.stdev": float,
    "flask.url_for": str,
    "flask.render_template": str,
    "flask.render_template_string": str,
    "flask.has_request_context": bool,
    "werkzeug.security.generate_password_hash": str,
    "werkzeug.security.check_password_hash": bool,
    "werkzeug.utils.secure_filename": str,
    "werkzeug.http.http_date": str,
    "markupsafe.escape": str,
}

# Methods of builtin classes, by class and name; `None` means "an instance of the class itself".
METHOD_TYPES: Mapping[type, Mapping[str, type | None]] = {
    str: {
        **dict.fromkeys(
            [
                "lower",
                "upper",
                "title",
                "capitalize",
                "strip",
                "lstrip",
                "rstrip",
                "replace",
                "format",
                "join",
                "zfill",
                "ljust",
                "rjust",
                "center",
                "removeprefix",
                "removesuffix",
                "casefold",
                "swapcase",
                "translate",
                "expandtabs",
                "format_map",
            ]
        ),
        **dict.fromkeys(
            [
                "startswith",
                "endswith",
                "isdigit",
                "isalpha",
                "isalnum",
                "isnumeric",
                "isdecimal",
                "isspace",
                "isupper",
                "islower",
                "isidentifier",
                "istitle",
                "isascii",
                "isprintable",
            ],
            bool,
        ),
        **dict.fromkeys(["find", "rfind", "index", "rindex", "count", "__len__"], int),
        "encode": bytes,
    },
    bytes: {
        **dict.fromkeys(["join", "replace", "strip", "lstrip", "rstrip", "lower", "upper", "title"]),
        **dict.fromkeys(["startswith", "endswith", "isdigit", "isalpha"], bool),
        "decode": str,
        "hex": str,
    },
    int: {"bit_length": int, "to_bytes": bytes, "conjugate": None},
    float: {"is_integer": bool, "hex": str},
    decimal.Decimal: {
        **dict.fromkeys(["quantize", "normalize", "copy_abs", "to_integral_value"]),
        "is_nan": bool,
        "is_zero": bool,
        "to_eng_string": str,
    },
    datetime.datetime: {
        **dict.fromkeys(["replace", "astimezone"]),
        **dict.fromkeys(["strftime", "isoformat", "ctime", "__str__", "tzname"], str),
        **dict.fromkeys(["weekday", "isoweekday", "toordinal"], int),
        "timestamp": float,
        "date": datetime.date,
        "time": datetime.time,
    },
    datetime.date: {
        "replace": None,
        **dict.fromkeys(["strftime", "ctime"], str),
        **dict.fromkeys(["weekday", "isoweekday", "toordinal"], int),
    },
    datetime.time: {"replace": None, "strftime": str, "isoformat": str},
    datetime.timedelta: {"total_seconds": float},
    uuid.UUID: {},
    io.StringIO: {
        **dict.fromkeys(["getvalue", "read", "readline"], str),
        "write": int,
        "seek": int,
        "tell": int,
    },
    io.BytesIO: {
        **dict.fromkeys(["getvalue", "read", "readline"], bytes),
        "write": int,
        "seek": int,
        "tell": int,
    },
}

# Methods and constructors that are called on a class.
CLASS_METHODS: Mapping[tuple[type, str], type] = {
    (datetime.datetime, "now"): datetime.datetime,
    (datetime.datetime, "utcnow"): datetime.datetime,
    (datetime.datetime, "today"): datetime.datetime,
    (datetime.datetime, "fromtimestamp"): datetime.datetime,
    (datetime.datetime, "utcfromtimestamp"): datetime.datetime,
    (datetime.datetime, "fromisoformat"): datetime.datetime,
    (datetime.datetime, "strptime"): datetime.datetime,
    (datetime.datetime, "combine"): datetime.datetime,
    (datetime.date, "today"): datetime.date,
    (datetime.date, "fromisoformat"): datetime.date,
    (datetime.date, "fromtimestamp"): datetime.date,
    (datetime.time, "fromisoformat"): datetime.time,
    (str, "join"): str,
    (bytes, "fromhex"): bytes,
}

ATTRIBUTE_TYPES: Mapping[type, Mapping[str, type]] = {
    datetime.datetime: dict.fromkeys(
        ["year", "month", "day", "hour", "minute", "second", "microsecond"], int
    ),
    datetime.date: dict.fromkeys(["year", "month", "day"], int),
    datetime.time: dict.fromkeys(["hour", "minute", "second", "microsecond"], int),
    datetime.timedelta: dict.fromkeys(["days", "seconds", "microseconds"], int),
    uuid.UUID: {"hex": str, "int": int, "urn": str, "version": int},
    int: dict.fromkeys(["real", "imag", "numerator", "denominator"], int),
}


def function_types() -> dict[int, type]:
    """The return types of the functions above that are loaded, by the identity of the function."""
    found: dict[int, type] = {}
    for dotted, kind in _FUNCTIONS.items():
        module, _, name = dotted.rpartition(".")
        live: Any = getattr(sys.modules.get(module), name, None)
        if live is not None:
            found[id(live)] = kind
    return found
