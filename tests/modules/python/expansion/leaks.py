"""Leaves much behind."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time

mispattributes = {"input": ["text"], "output": ["text"]}
misperrors = {"error": "Error"}
nested = {"list": [1, {"a": 2}]}
counter = 0


def leak():
    global counter, fresh
    counter += 1
    fresh = counter
    misperrors["error"] = "other"
    nested["list"][1]["a"] = 3
    os.environ["LEAKED"] = "1"
    os.chdir("/")
    os.umask(0)
    socket.setdefaulttimeout(1)
    signal.signal(signal.SIGUSR1, signal.SIG_IGN)
    sys.path.insert(0, "/nowhere")


def look():
    umask = os.umask(0)
    os.umask(umask)
    return [counter, "fresh" in globals(), misperrors["error"], nested["list"][1]["a"], "LEAKED" in os.environ,
            os.getcwd() == "/", umask == 0, socket.getdefaulttimeout(), "/nowhere" in sys.path,
            signal.getsignal(signal.SIGUSR1) == signal.SIG_IGN]


def handler(q=False):
    what = json.loads(q)["text"]
    pid = os.getpid()
    if what == "leak":
        leak()
    elif what == "print":
        print("event=python PRINTED", flush=True)
        print("PRINTED", file=sys.stderr, flush=True)
        os.write(1, b"PRINTED\n")
    elif what == "thread":
        threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()
    elif what in ("child", "far_child", "hang_child"):
        pid = subprocess.Popen(["sleep", "1000"], start_new_session=what != "child").pid
        if what == "hang_child":
            with open(json.loads(q)["file"], "w") as file:
                file.write(str(pid))
            time.sleep(1000)
    elif what == "daemon":
        pid = _daemon()
    return {"results": [look(), pid, os.getpid()]}


def _daemon():
    """A child of a child that has ended."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.setsid()
        if os.fork() == 0:
            os.write(writing, str(os.getpid()).encode())
            time.sleep(1000)
        os._exit(0)
    os.waitpid(child, 0)
    return int(os.read(reading, 20))


def introspection():
    return mispattributes


def version():
    return {"version": "1", "description": "for tests", "module-type": ["expansion"], "config": ["apikey"]}
