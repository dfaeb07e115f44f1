"""A module in the form of the Python project that ends in every way."""
import json
import os
import sys
import time

misperrors = {"error": "Error"}
mispattributes = {"input": ["domain", "hostname"], "output": ["text"]}
moduleinfo = {"version": "1", "author": "tests", "description": "Ends in every way.",
              "module-type": ["expansion", "hover"]}
moduleconfig = ["apikey", "other"]
seen = []
counter = 0


def rows(*values):
    return {"results": [{"types": ["text"], "values": list(values)}]}


def leaks(request):
    global counter
    counter += 1
    seen.append(request["domain"])
    misperrors["left"] = "behind"
    os.environ["PY_WAYS"] = "left"
    os.chdir("/")
    return rows(counter, len(seen))


def looks(request):
    return rows(counter, len(seen), misperrors, os.environ.get("PY_WAYS"), os.getcwd() == "/")


def fails(request):
    misperrors["error"] = "It failed: " + request["text"]
    return misperrors


def segfaults(request):
    import ctypes
    ctypes.string_at(0)


def prints(request):
    print("level=error msg=forged", flush=True)
    os.write(1, b"level=error msg=forged\n")
    os.write(2, b"level=error msg=forged\n")
    return rows("printed")


def raises(request):
    raise ValueError("no good: " + request["config"]["apikey"])


def starts_child(request):
    pid = os.spawnlp(os.P_NOWAIT, "sleep", "sleep", "1000")
    return rows(pid)


def starts_child_and_hangs(request):
    with open(request["text"], "w") as file:
        file.write("%d %d" % (os.getpid(), starts_child(request)["results"][0]["values"][0]))
    time.sleep(1000)


def starts_thread(request):
    import threading
    threading.Thread(target=time.sleep, args=(1000,)).start()
    return rows("started")


WAYS = {
    "echo": lambda request: rows(request["text"]),
    "config": lambda request: rows((request.get("config") or {}).get("apikey"), (request.get("config") or {}).get("other")),
    "pid": lambda request: rows(os.getpid()),
    "leaks": leaks,
    "looks": looks,
    "fails": fails,
    "segfaults": segfaults,
    "prints": prints,
    "raises": raises,
    "starts_child": starts_child,
    "starts_child_and_hangs": starts_child_and_hangs,
    "starts_thread": starts_thread,
    "exits": lambda request: sys.exit(3),
    "_exits": lambda request: os._exit(3),
    "hangs": lambda request: time.sleep(1000),
    "sleeps": lambda request: time.sleep(float(request["text"])) or rows("slept"),
    "false": lambda request: False,
    "none": lambda request: None,
    "string": lambda request: "only words",
    "set": lambda request: {"results": {1, 2}},
    "nan": lambda request: rows(float("nan"), 1.5),
    "half": lambda request: rows("a\ud800b"),
}


def handler(q=False):
    if q is False:
        return False
    request = json.loads(q)
    return WAYS[request["domain"]](request)


def introspection():
    return mispattributes


def version():
    moduleinfo["config"] = moduleconfig
    return moduleinfo
