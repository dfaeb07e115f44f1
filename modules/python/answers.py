"""answers.py: what a module returns, as JSON."""

import dataclasses
import datetime
import enum
import json
import urllib.parse
import uuid

SHORTEST_SECRET = 4
LONGEST_MESSAGE = 2000


def _plain(value):
    """What JSON has no form for, as the Python project shows it."""
    for method in ("jsonable", "to_dict"):  # PyMISP's objects
        if hasattr(value, method):
            return getattr(value, method)()
    if isinstance(value, (datetime.datetime, datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, uuid.UUID):
        return str(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    raise TypeError("%s cannot be written as JSON" % type(value).__name__)


def _without_nan(value):
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return None
    if isinstance(value, dict):
        return {key: _without_nan(member) for key, member in value.items()}
    if isinstance(value, list):
        return [_without_nan(member) for member in value]
    return value


_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_plain).encode


def as_json(value):
    """Numbers that are none become null, half characters a question mark."""
    try:
        text = _encode(value)
    except ValueError:
        # Through text once, so that what stands in objects is seen as well.
        text = _encode(_without_nan(json.loads(json.dumps(value, default=_plain))))
    return text.encode("utf-8", "replace")


def error(text):
    return as_json({"error": text, "results": []})


def message_of(exception):
    """What an exception says, which is the module's own code as well."""
    try:
        text = str(exception)
    except BaseException:
        text = ""
    name = type(exception).__name__
    return "%s: %s" % (name, text[:LONGEST_MESSAGE]) if text else name


def without_settings(text, query):
    """Messages of failed requests have the URL in them, and that the key."""
    config = query.get("config")
    values = config.values() if isinstance(config, dict) else ()
    for value in sorted((v for v in values if isinstance(v, str)), key=len, reverse=True):
        if len(value) >= SHORTEST_SECRET:
            for form in (value, urllib.parse.quote(value), urllib.parse.quote_plus(value)):
                text = text.replace(form, "***")
    return text
