"""Says what it is asked."""

import json

mispattributes = {"input": ["text"], "output": ["text"]}


def handler(q=False):
    if q is False:
        return False
    return {"results": [{"types": ["text"], "values": [json.loads(q)["text"]]}]}


def introspection():
    return mispattributes


def version():
    return {"version": "1", "description": "for tests", "module-type": ["expansion"], "config": ["apikey"]}
