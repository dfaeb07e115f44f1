"""Hangs when imported."""

import time

mispattributes = {"input": ["text"], "output": ["text"]}
time.sleep(1000)


def introspection():
    return mispattributes


def version():
    return {"version": "1", "description": "for tests", "module-type": ["expansion"], "config": ["apikey"]}
