"""Importing it ends Python."""
import os

os._exit(7)

def handler(q=False):
    return {"results": []}


def introspection():
    return {"input": ["text"], "output": ["text"]}


def version():
    return {"version": "1", "module-type": ["expansion"]}
