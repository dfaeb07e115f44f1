"""Takes its time to be imported."""

import time

mispattributes = {"input": ["text"], "output": ["text"]}
time.sleep(0.5)


def handler(q=False):
    return {"response": [], "data": ""}


def introspection():
    return mispattributes


def version():
    return {"version": "1", "description": "for tests", "module-type": ["expansion"], "config": ["apikey"]}
