"""Has a name that is taken."""

mispattributes = {"input": ["text"], "output": ["text"]}


def handler(q=False):
    return {"results": "the wrong one"}


def introspection():
    return mispattributes


def version():
    return {"version": "1", "description": "for tests", "module-type": ["expansion"], "config": ["apikey"]}
