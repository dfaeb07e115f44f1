"""The program that serves Python modules, without the responder: started as the
manager starts it, and asked on its socket."""

import contextlib
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import time

TESTS = pathlib.Path(__file__).resolve().parent.parent
PROGRAM = TESTS.parent / "modules" / "python" / "pool.py"
MODULES = TESTS / "modules" / "python"
IMPORT_SECONDS = 2


def until(holds, what, seconds=20):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = holds()
        if value:
            return value
        time.sleep(0.02)
    raise AssertionError(f"{what} after {seconds} s")


def stat(pid):
    """State and parent of a process; None when it is not there."""
    try:
        words = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if words[0] == "Z" else (words[0], int(words[1]))


def is_alive(pid):
    return stat(pid) is not None


def below(pid):
    """All processes that come from a process."""
    parents = {int(p.name): stat(p.name) for p in pathlib.Path("/proc").iterdir() if p.name.isdigit()}
    found = {pid}
    while True:
        more = {p for p, status in parents.items() if status and status[1] in found} - found
        if not more:
            return found - {pid}
        found |= more


class Pool:
    def __init__(self, folder, *places, workers=2, most=6, options=(), socket_of=None):
        self.folder = folder
        self.list, self.loading = folder / "list.json", folder / "loading"
        self.socket = str(folder / "socket")
        self.listener = socket_of or socket.socket(socket.AF_UNIX)
        if not socket_of:
            self.listener.bind(self.socket)
            self.listener.listen(128)
        self.log = folder / f"log.{time.monotonic_ns()}"
        self.command = [
            sys.executable, str(PROGRAM), "--listen", str(self.listener.fileno()), "--list", str(self.list),
            "--loading", str(self.loading), "--workers", str(workers), "--most", str(most),
            "--import-seconds", str(IMPORT_SECONDS), *options, "--", *map(str, places)]
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                self.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, pass_fds=[self.listener.fileno()])

    @property
    def pid(self):
        return self.process.pid

    def said(self):
        return self.log.read_text()

    def wait(self):
        until(lambda: "modules loaded" in self.said(), "not loaded")
        return self

    def listed(self):
        return json.loads(self.list.read_text())

    def loader(self):
        """Of the supervisor's children, the one that has some."""
        return until(lambda: [p for p in below(self.pid) if stat(p) and stat(p)[1] == self.pid and below(p)],
                     "no loader")[0]

    def connect(self):
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(20)
        connection.connect(self.socket)
        return connection

    def begin(self, module, text, **more):
        """A query that is not waited for."""
        body = json.dumps({"module": module, "text": text, **more}).encode()
        connection = self.connect()
        connection.sendall(b"POST /query HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        return connection

    def exchange(self, data):
        """Status and body of the answer to raw bytes; (None, "") without one."""
        with self.connect() as connection:
            with contextlib.suppress(BrokenPipeError):
                connection.sendall(data)
            return finish(connection)

    def ask(self, module, text="hello", **more):
        with self.begin(module, text, **more) as connection:
            status, body = finish(connection)
        return json.loads(body) if status == 200 else status

    def stop(self):
        """Returns the status; everything has ended by then."""
        family = below(self.pid)
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(5)
        if self.process.poll() is None:
            self.process.kill()
        status = self.process.wait()
        until(lambda: not any(map(is_alive, family)), "processes are left", 5)
        return status


def finish(connection):
    """Status and body of what comes until the other side closes."""
    data = b""
    with contextlib.suppress(ConnectionResetError):
        while piece := connection.recv(1 << 16):
            data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    if head.startswith(b"HTTP/1.1 100"):
        head, _, body = body.partition(b"\r\n\r\n")
    if not head:
        return None, ""
    assert f"Content-Length: {len(body)}\r\n".encode() in head + b"\r\n"
    return int(head.split()[1]), body.decode()
