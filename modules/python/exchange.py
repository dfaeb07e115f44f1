"""exchange.py: the little of HTTP that the responder speaks with a worker: one
request a connection, its length told beforehand. Every byte is doubted."""

import fcntl
import os
import signal
import socket
import time

MOST_HEAD = 1 << 16
HEAD_SECONDS = 5
BODY_SECONDS = 5  # without a byte
REPLY_SECONDS = 30  # without a byte taken


class BadRequest(Exception):
    """status, and what is wrong."""


class Gone(Exception):
    """Nobody waits for an answer any more."""


def _receive(connection, most, seconds):
    if seconds <= 0:
        raise Gone
    connection.settimeout(seconds)
    piece = connection.recv(most)
    if not piece:
        raise Gone
    return piece


def _read_head(connection):
    deadline = time.monotonic() + HEAD_SECONDS
    data = b""
    while b"\r\n\r\n" not in data:
        if len(data) > MOST_HEAD:
            raise BadRequest("431 Request Header Fields Too Large", "The head of the request is too long.")
        data += _receive(connection, MOST_HEAD, deadline - time.monotonic())
    head, _, rest = data.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    fields = {}
    for line in lines:
        name, _, value = line.partition(":")
        fields[name.lower()] = value.strip()
    words = first.split(" ")
    if len(words) != 3 or not words[2].startswith("HTTP/1."):
        raise BadRequest("400 Bad Request", "This is no HTTP.")
    return words[0], words[1], fields, rest


def _length(fields, most):
    text = fields.get("content-length", "0")
    if "transfer-encoding" in fields or not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise BadRequest("400 Bad Request", "The request has no valid Content-Length.")
    if int(text) > most:
        raise BadRequest("413 Content Too Large", "The body is longer than %d bytes." % most)
    return int(text)


def _read_body(connection, fields, rest, most):
    length = _length(fields, most)
    if len(rest) < length and fields.get("expect", "").lower() == "100-continue":
        connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
    pieces, missing = [rest[:length]], length - len(rest)
    while missing > 0:
        pieces.append(_receive(connection, min(missing, 1 << 20), BODY_SECONDS))
        missing -= len(pieces[-1])
    return b"".join(pieces)


def read(connection, most):
    """Returns method, path and body."""
    method, path, fields, rest = _read_head(connection)
    return method, path, _read_body(connection, fields, rest, most)


def reply(connection, status, body):
    head = (
        "HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
        % (status, len(body))
    )
    connection.settimeout(REPLY_SECONDS)
    rest = memoryview(head.encode() + body)
    while rest:
        rest = rest[connection.send(rest) :]


def die_with(connection):
    """Whatever happens on the connection from now on means that the other side
    has gone: SIGKILL for our process group."""
    connection.setblocking(False)
    fcntl.fcntl(connection, fcntl.F_SETOWN, -os.getpid())
    fcntl.fcntl(connection, fcntl.F_SETSIG, signal.SIGKILL)
    fcntl.fcntl(connection, fcntl.F_SETFL, os.O_RDWR | os.O_NONBLOCK | os.O_ASYNC)
    try:
        connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
    except BlockingIOError:
        return
    raise Gone  # before that was in force


def live_on(connection):
    fcntl.fcntl(connection, fcntl.F_SETFL, os.O_RDWR | os.O_NONBLOCK)
