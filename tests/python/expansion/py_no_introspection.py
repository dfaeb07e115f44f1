"""It says nothing of itself."""
from py_library import handler, version


def introspection():
    raise RuntimeError("nothing to see")
