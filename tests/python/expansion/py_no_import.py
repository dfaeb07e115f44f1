"""It needs what is not there."""
import nothing_of_that_name

def handler(q=False):
    return {"results": []}


def introspection():
    return {"input": ["text"], "output": ["text"]}


def version():
    return {"version": "1", "module-type": ["expansion"]}
