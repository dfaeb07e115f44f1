"""Returns what is no usual answer."""

import dataclasses
import datetime
import enum
import json
import uuid

mispattributes = {"input": ["text"], "output": ["text"]}


class Colour(enum.Enum):
    RED = "red"


class Thing:
    """As PyMISP's are: to_dict leaves more of them in it."""

    def __init__(self, *inner):
        self.inner = inner

    def to_dict(self):
        return {"type": "thing", "inner": list(self.inner)}


@dataclasses.dataclass
class Pair:
    left: int
    right: str


ANSWERS = {
    "string": "words",
    "false": False,
    "none": None,
    "list": [1],
    "thing": {"results": {"Attribute": [Thing(Thing())]}},
    "others": {"results": [datetime.datetime(2020, 1, 2), Colour.RED, uuid.UUID(int=1), Pair(1, "x")]},
    "nan": {"results": [float("nan"), float("inf"), 1.5, Thing(float("nan"))]},
    "half": {"results": "\ud800"},
    "accent": {"results": "é"},
    "not_json": {"results": {1, 2}},
}


def handler(q=False):
    return ANSWERS[json.loads(q)["text"]]


def introspection():
    return mispattributes


def version():
    return {"version": "1", "description": "for tests", "module-type": ["expansion"], "config": ["apikey"]}
