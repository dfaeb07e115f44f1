"""worker.py: a process that answers one query at a time.

Whoever asks closes the connection when it gives up, at the query's deadline or
because its own client has gone. From the moment a query has been read until it
is answered, the kernel kills this process and all that it has started when that
happens: no native code, no blocked signal and no endless loop holds it up.
"""

import collections
import dataclasses
import datetime
import enum
import fcntl
import json
import os
import select
import signal
import socket
import struct
import threading
import uuid

import places
import state
import talk

MOST_HEAD = 1 << 16
MOST_QUERIES = 1000
READ_TIME = struct.pack("@ll", 5, 0)  # a struct timeval: 5 s for each piece

# listen, max_body and workers are of options; lifes: descriptors that become
# readable when there is nobody left to work for.
Options = collections.namedtuple("Options", "options sources lifes states")


class States:
    """What the workers do, in memory that they and the loader share: a byte for
    each, which is FREE, IDLE, or counts its queries while it is busy."""

    FREE, IDLE, BUSY, LAST = 0, 1, 2, 255

    def __init__(self, shared, place, waker, wanted):
        self.shared, self.place, self.waker, self.wanted = shared, place, waker, wanted
        self.busy = self.BUSY

    def begin(self):
        self.busy = self.busy + 1 if self.busy < self.LAST else self.BUSY
        self.shared[self.place] = self.busy
        if not self.shared[:].count(self.IDLE):
            try:
                os.write(self.waker, b"x")
            except BlockingIOError:
                pass

    def end(self):
        self.shared[self.place] = self.IDLE

    def too_many(self):
        """Whether there are enough without us."""
        return self.shared[:].count(self.IDLE) > self.wanted


class BadRequest(Exception):
    pass


class Gone(Exception):
    """Nobody waits for an answer any more."""


# ---- JSON ----


def _plain(value):
    """What JSON has no form for, as the Python project shows it."""
    if hasattr(value, "to_dict"):
        return value.to_dict()
    if isinstance(value, (datetime.datetime, datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, uuid.UUID):
        return str(value)
    if dataclasses.is_dataclass(value):
        return dataclasses.asdict(value)
    raise TypeError("%s cannot be written as JSON" % type(value).__name__)


def _without_nan(value):
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return None
    if isinstance(value, dict):
        return {key: _without_nan(member) for key, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [_without_nan(member) for member in value]
    return value


def as_json(value):
    """Numbers that are none become null, half characters a question mark."""
    write = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_plain).encode
    try:
        text = write(value)
    except ValueError:
        # Through text once, so that what stands in objects is seen as well.
        text = write(_without_nan(json.loads(json.dumps(value, default=_plain))))
    return text.encode("utf-8", "replace")


# ---- The connection ----


def _read_head(connection):
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(1 << 16)
        if not piece:
            raise Gone
        data += piece
        if len(data) > MOST_HEAD and b"\r\n\r\n" not in data:
            raise BadRequest("the head of the request is too long")
    head, _, rest = data.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    fields = {}
    for line in lines:
        name, _, value = line.partition(":")
        fields[name.strip().lower()] = value.strip()
    words = first.split(" ")
    if len(words) != 3:
        raise BadRequest("this is no HTTP")
    return words[0], words[1], fields, rest


def _read_body(connection, fields, rest, most):
    length = fields.get("content-length", "0")
    if not length.isascii() or not length.isdigit() or len(length) > 18:
        raise BadRequest("the request has no valid Content-Length")
    length = int(length)
    if length > most:
        raise BadRequest("the body is longer than %d bytes" % most)
    body = bytearray(rest[:length])
    while len(body) < length:
        piece = connection.recv(min(length - len(body), 1 << 20))
        if not piece:
            raise Gone
        body += piece
    return bytes(body)


def _reply(connection, status, body):
    head = (
        "HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
        % (status, len(body))
    )
    connection.sendall(head.encode() + body)


def _die_with(connection):
    """Whatever happens on the connection from now on means that the other side
    has gone: SIGKILL for our process group."""
    fcntl.fcntl(connection, fcntl.F_SETOWN, -os.getpid())
    fcntl.fcntl(connection, fcntl.F_SETSIG, signal.SIGKILL)
    fcntl.fcntl(connection, fcntl.F_SETFL, os.O_RDWR | os.O_ASYNC)
    try:
        connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
    except BlockingIOError:
        return
    raise Gone  # before that was in force


def _live_on(connection):
    fcntl.fcntl(connection, fcntl.F_SETFL, os.O_RDWR)


# ---- A query ----


def _error(text):
    return as_json({"error": text, "results": []})


class Worker:
    def __init__(self, options):
        self.options = options.options
        self.sources, self.lifes, self.states = options.sources, options.lifes, options.states
        self.listener = socket.socket(fileno=options.options.listen)
        self.snapshots = {}
        self.surroundings = state.Surroundings()
        self.served = 0
        self.worn = False  # another is to take its place

    def module(self, name):
        module = places.load(self.sources[name])
        if name not in self.snapshots:
            self.snapshots[name] = state.Snapshot(module)
        return module

    def call(self, name, query, body):
        """The answer as JSON; whether the module failed."""
        module = self.module(name)
        if hasattr(module, "dict_handler"):
            answer = module.dict_handler(request=query)
        else:
            answer = module.handler(q=body)
        failed = not isinstance(answer, (dict, list)) or (isinstance(answer, dict) and "error" in answer)
        return as_json(answer), failed

    def run_module(self, name, query, body):
        """Never raises: what a module does is answered."""
        try:
            text, self.worn = self.call(name, query, body)
        except SystemExit:
            self.worn = True
            return _error("The Python module %s called sys.exit()." % name)
        except BaseException as error:
            self.worn = True
            talk.log("warning", msg="a module failed", module=name, type=type(error).__name__, at=talk.trace(error))
            return _error("The Python module %s failed: %s: %s" % (name, type(error).__name__, error))
        if not self.worn:
            self.snapshots[name].restore()
            self.surroundings.restore()
        return text

    def answer(self, body):
        try:
            query = json.loads(body)
            name = query["module"]
        except (ValueError, KeyError, TypeError, RecursionError):
            raise BadRequest("the body is no query")
        if name not in self.sources:
            return _error("There is no Python module %s." % name)
        return self.run_module(name, query, body)

    def serve(self, connection):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, READ_TIME)
        method, path, fields, rest = _read_head(connection)
        body = _read_body(connection, fields, rest, self.options.max_body)
        if (method, path) == ("GET", "/healthcheck"):
            return _reply(connection, "200 OK", as_json({"status": True}))
        if (method, path) != ("POST", "/query"):
            return _reply(connection, "404 Not Found", _error("There is nothing at this path."))
        _die_with(connection)
        text = self.answer(body)
        _live_on(connection)
        _reply(connection, "200 OK", text)

    def serve_one(self):
        try:
            connection, _ = self.listener.accept()
        except OSError:
            return
        if self.states:
            self.states.begin()
        try:
            with connection:
                self.serve(connection)
        except BadRequest as error:
            try:
                _reply(connection, "400 Bad Request", _error(str(error)))
            except OSError:
                pass
        except (Gone, OSError):
            self.worn = True
        self.served += 1

    # ---- The process ----

    def is_over(self):
        """Whether another process had better serve the next query."""
        return (
            self.worn
            or self.served >= MOST_QUERIES
            or threading.active_count() > 1
            or _has_children()
            or bool(self.states and self.states.too_many())
        )

    def loop(self):
        wake = talk.wake_on(signal.SIGTERM)
        poll = select.epoll()
        # One connection is to wake one worker.
        poll.register(self.listener, select.EPOLLIN | select.EPOLLEXCLUSIVE)
        for fd in [wake] + self.lifes:
            poll.register(fd, select.EPOLLIN)
        self.listener.setblocking(False)
        while True:
            if any(fd != self.listener.fileno() for fd, _ in poll.poll()):
                return
            self.serve_one()
            if self.is_over():
                return
            if self.states:
                self.states.end()


def _has_children():
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return False
    return True


def run(options):
    """Never returns."""
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    try:
        Worker(options).loop()
    except BaseException as error:
        talk.log("error", msg="a worker failed", type=type(error).__name__, at=talk.trace(error))
    # Nothing that a module has started outlives it, nor is anything run that it
    # wanted to run at the end.
    if _has_children():
        os.killpg(0, signal.SIGKILL)
    os._exit(0)
