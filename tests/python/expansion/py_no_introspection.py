"""It says nothing of itself."""


def handler(q=False):
    return {"results": []}


def introspection():
    raise RuntimeError("nothing to see")


def version():
    return {"version": "1", "module-type": ["expansion"]}
