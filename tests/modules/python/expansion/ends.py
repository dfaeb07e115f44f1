"""Ends its query in the way that it is asked for."""

import ctypes
import json
import os
import sys
import time

mispattributes = {"input": ["text"], "output": ["text"]}
state = {"dirty": False}


class Rude(Exception):
    def __str__(self):
        raise ValueError("no")


def say_key(query):
    raise ValueError("cannot get http://x/?key=" + query["config"]["apikey"])


def raise_rude(query):
    raise Rude


def fork(query):
    """Both processes return."""
    os.fork()
    return {"results": []}


def dirty(query):
    state["dirty"] = True
    return {"error": "halfway"}


WAYS = {
    "raise": say_key,
    "rude": raise_rude,
    "exit": lambda query: sys.exit(3),
    "os_exit": lambda query: os._exit(0),
    "crash": lambda query: ctypes.string_at(0),
    "interrupt": lambda query: (_ for _ in ()).throw(KeyboardInterrupt()),
    "hang": lambda query: time.sleep(1000),
    "spin": lambda query: [None for _ in iter(int, 1)],
    "recurse": lambda query: WAYS["recurse"](query),
    "fork": fork,
    "dirty": dirty,
    "is_dirty": lambda query: {"results": state["dirty"]},
}


def handler(q=False):
    query = json.loads(q)
    return WAYS[query["text"]](query)


def introspection():
    return mispattributes


def version():
    return {"version": "1", "description": "for tests", "module-type": ["expansion"], "config": ["apikey"]}
