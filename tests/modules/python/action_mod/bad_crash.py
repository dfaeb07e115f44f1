"""Crashes when imported."""

import ctypes

mispattributes = {"input": ["text"], "output": ["text"]}
ctypes.string_at(0)


def introspection():
    return mispattributes


def version():
    return {"version": "1", "description": "for tests", "module-type": ["expansion"], "config": ["apikey"]}
