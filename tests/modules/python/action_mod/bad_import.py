"""Does not import."""

import there_is_no_such_module

mispattributes = {"input": ["text"], "output": ["text"]}


def introspection():
    return mispattributes


def version():
    return {"version": "1", "description": "for tests", "module-type": ["expansion"], "config": ["apikey"]}
