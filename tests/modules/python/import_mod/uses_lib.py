"""Imports from lib, and what hides nothing of ours."""

import answers_of_lib

mispattributes = {"input": ["text"], "output": ["text"]}


def handler(q=False):
    return {"results": answers_of_lib.ANSWER}


def introspection():
    return mispattributes


def version():
    return {"version": "1", "description": "for tests", "module-type": ["expansion"], "config": ["apikey"]}
