"""What modules ask on this machine other than over HTTP and DNS: Redis, a
whois server, databases, ports that are closed or silent."""

import contextlib
import datetime
import socket
import socketserver
import subprocess
import threading

import mmdb
from server import free_port, stop, wait_for
from stub import Stub
from nameserver import half, running, silent

HISTORY = {
    "64496": {"2019-05-01T00:00:00": "EXAMPLE-AS, US",
              "2023-02-01T00:00:00": "EXAMPLE-NEW, LU"},
    "64499": {"2020-01-01T00:00:00": "Caf\xe9".encode("latin-1")},
}
WHOIS = {
    b"example.com": b"Domain Name: EXAMPLE.COM\r\n"
                    b"Registrar: Example Registrar\r\n",
    b"192.0.2.1": b"inetnum: 192.0.2.0 - 192.0.2.255\nnetname: TEST-NET-1\n",
    b"latin.example": b"Registrant: Andr\xe9\n",
    b"empty.example": b"",
}


@contextlib.contextmanager
def closed_port():
    """A port that is bound, so that nobody else takes it, and refuses."""
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        yield holder.getsockname()[1]


@contextlib.contextmanager
def silent_port():
    """A port that accepts connections, and that is all."""
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen(64)
        yield holder.getsockname()[1]


class Whois(socketserver.StreamRequestHandler):
    """To what it does not know it says nothing and stays there."""

    def handle(self):
        line = self.rfile.readline().strip()
        if line in WHOIS:
            self.wfile.write(WHOIS[line])
        else:
            self.rfile.read()


class WhoisServer(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False


@contextlib.contextmanager
def whois_port():
    with WhoisServer(("127.0.0.1", 0), Whois) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,),
                         daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def redis_command(*words):
    data = b"*%d\r\n" % len(words)
    for word in words:
        word = word if isinstance(word, bytes) else word.encode()
        data += b"$%d\r\n%s\r\n" % (len(word), word)
    return data


def fill_redis(port):
    """Whether it was there to be filled: a history, and a key of another
    kind."""
    commands = [redis_command("HSET", key, *(
        word for pair in entries.items() for word in pair))
        for key, entries in HISTORY.items()]
    commands.append(redis_command("SET", "64500", "no hash"))
    with contextlib.suppress(ConnectionRefusedError), \
            socket.create_connection(("127.0.0.1", port), 5) as client:
        for command in commands:
            client.sendall(command)
            assert client.recv(64)[:1] in b":+"
        return True


@contextlib.contextmanager
def redis_port(directory):
    port = free_port()
    process = subprocess.Popen(
        ["redis-server", "--bind", "127.0.0.1", "--port", str(port),
         "--save", "", "--dir", str(directory)],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    try:
        wait_for(lambda: fill_redis(port), what="Redis")
        yield port
    finally:
        stop(process)


def make_directory(directory, name):
    path = directory / name
    path.mkdir(parents=True)
    return path


def certificate_names(stub):
    """What is not the same every day about the stub's certificates."""
    now = datetime.datetime.now(datetime.timezone.utc)
    return {"<tls host>": "127.0.0.1", "<tls port>": str(stub.tls_port),
            "<tls days>": str((stub.tls_end - now).days),
            "<soon end>": stub.soon_end.strftime("%Y-%m-%dT%H:%M:%S+00:00")}


@contextlib.contextmanager
def world(directory, urls):
    """All of it: the stub for these URLs, and what the names in golden cases
    stand for."""
    with contextlib.ExitStack() as stack:
        stub = Stub(make_directory(directory, "stub"), urls)
        stack.callback(stub.close)
        enter = stack.enter_context
        names = {
            **certificate_names(stub),
            **mmdb.write_all(make_directory(directory, "mmdb")),
            "<folder>": str(make_directory(directory, "folder")),
            "<nameserver>": enter(running(make_directory(directory, "nsd"))),
            "<silent nameserver>": enter(silent()),
            "<half nameserver>": enter(half()),
            "<redis port>": str(enter(redis_port(
                make_directory(directory, "redis")))),
            "<whois port>": str(enter(whois_port())),
            "<silent port>": str(enter(silent_port())),
            "<closed port>": str(enter(closed_port())),
        }
        for name in ("redis", "whois", "silent", "closed"):
            names[f"<{name} host>"] = "127.0.0.1"
        yield stub, names
