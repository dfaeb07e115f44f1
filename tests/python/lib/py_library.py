"""What the modules beside it import."""

NAME = "from the library"


def handler(q=False):
    return {"results": []}


def introspection():
    return {"input": ["text"], "output": ["text"]}


def version():
    return {"version": "1", "module-type": ["expansion"]}
