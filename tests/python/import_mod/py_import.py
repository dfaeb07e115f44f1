"""An import."""
import base64
import json


def handler(q=False):
    text = base64.b64decode(json.loads(q)["data"]).decode()
    return {"results": [{"types": ["text"], "values": text}]}


def introspection():
    return {"userConfig": {}, "inputSource": ["file"]}


def version():
    return {"version": "1", "module-type": ["import"]}
