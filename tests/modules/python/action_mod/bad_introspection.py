"""Has an introspection that raises."""


def handler(q=False):
    return {"results": []}


def introspection():
    raise KeyError("input")


def version():
    return {"version": "1", "description": "for tests", "module-type": ["expansion"], "config": ["apikey"]}
