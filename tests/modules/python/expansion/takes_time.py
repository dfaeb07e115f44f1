"""Takes as many seconds as it is told."""

import json
import time

mispattributes = {"input": ["text"], "output": ["text"]}


def handler(q=False):
    time.sleep(float(json.loads(q)["text"]))
    return {"results": []}


def introspection():
    return mispattributes


def version():
    return {"version": "1", "description": "for tests", "module-type": ["expansion"], "config": ["apikey"]}
