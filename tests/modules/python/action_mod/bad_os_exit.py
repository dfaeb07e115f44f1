"""Ends the process when imported."""

import os

mispattributes = {"input": ["text"], "output": ["text"]}
os._exit(0)


def introspection():
    return mispattributes


def version():
    return {"version": "1", "description": "for tests", "module-type": ["expansion"], "config": ["apikey"]}
