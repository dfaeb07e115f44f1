"""The least of FastCGI's client side: for tests that talk to the socket."""

import socket
import struct

BEGIN, ABORT, END, PARAMS, STDIN, STDOUT = 1, 2, 3, 4, 5, 6
RESPONDER = struct.pack(">HB5x", 1, 0)


def record(kind, content=b"", request=1, length=None, padding=0, version=1):
    size = len(content) if length is None else length
    return struct.pack(">BBHHBx", version, kind, request, size,
                       padding) + content + bytes(padding)


def pair(name, value):
    def size(text):
        if len(text) < 128:
            return bytes([len(text)])
        return struct.pack(">I", len(text) | 1 << 31)

    return size(name) + size(value) + name + value


def params(path="/query", method="POST", **more):
    values = {"REQUEST_METHOD": method, "SCRIPT_NAME": path, **more}
    return b"".join(pair(name.encode(), str(value).encode())
                    for name, value in values.items())


def request(body, path="/query", method="POST"):
    """A whole and proper request."""
    return (record(BEGIN, RESPONDER)
            + record(PARAMS, params(path, method, CONTENT_LENGTH=len(body)))
            + record(PARAMS) + record(STDIN, body) + record(STDIN))


def connect(path, timeout=10):
    peer = socket.socket(socket.AF_UNIX)
    peer.settimeout(timeout)
    peer.connect(str(path))
    return peer


def read_all(peer):
    """What comes until the other side closes; None if it does not."""
    got = b""
    try:
        while piece := peer.recv(65536):
            got += piece
    except ConnectionError:
        pass
    except TimeoutError:
        return None
    return got
