"""Calls sys.exit when imported."""

import sys

mispattributes = {"input": ["text"], "output": ["text"]}
sys.exit("\nno")


def introspection():
    return mispattributes


def version():
    return {"version": "1", "description": "for tests", "module-type": ["expansion"], "config": ["apikey"]}
