"""Has a dict_handler."""

mispattributes = {"input": ["text"], "output": ["text"]}


def handler(q=False):
    return {"results": "the wrong one"}


def dict_handler(request):
    return {"results": [{"types": ["text"], "values": [request["text"], type(request).__name__]}]}


def introspection():
    return mispattributes


def version():
    return {"version": "1", "description": "for tests", "module-type": ["expansion"], "config": ["apikey"]}
