"""Importing it calls sys.exit()."""
import sys

sys.exit(1)

def handler(q=False):
    return {"results": []}


def introspection():
    return {"input": ["text"], "output": ["text"]}


def version():
    return {"version": "1", "module-type": ["expansion"]}
