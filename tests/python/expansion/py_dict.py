"""One with a dict_handler, objects in its answer, and a library beside it."""
import datetime
import enum
import uuid

from . import check_input_attribute, standard_error_message

import py_library


class Attribute:
    def to_dict(self):
        return {"type": "text", "value": py_library.NAME, "when": datetime.date(2020, 2, 3),
                "uuid": uuid.UUID(int=1), "kind": Kind.ONE}


class Kind(enum.Enum):
    ONE = "one"


def dict_handler(request):
    if not check_input_attribute(request.get("attribute", {})):
        return {"error": standard_error_message}
    return {"results": {"Attribute": [Attribute()]}}


def introspection():
    return {"input": ["text"], "output": ["text"], "format": "misp_standard"}


def version():
    return {"version": "1", "module-type": ["expansion"], "config": []}
