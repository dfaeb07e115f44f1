"""A real name server (nsd) on the loopback, with the zones of golden/zone/."""

import contextlib
import pathlib
import shutil
import socket
import subprocess
import threading
import time

ZONES = pathlib.Path(__file__).resolve().parents[1] / "golden" / "zone"

SERVER = """
server:
    ip-address: 127.0.0.1@{port}
    zonesdir: "{zones}"
    pidfile: ""
    database: ""
    username: ""
    xfrdfile: ""
    xfrdir: "{directory}"
    zonelistfile: ""
    logfile: "{directory}/nsd.log"
    server-count: 1
    minimal-responses: yes
remote-control:
    control-enable: no
"""

ZONE = """
zone:
    name: "{name}"
    zonefile: "{name}.zone"
"""

# "version.bind" as a TXT question: every nsd answers that.
QUESTION = (b"\0\1\0\0\0\1\0\0\0\0\0\0\7version\4bind\0\0\x10\0\3")


def free_port():
    """A port that is free for UDP and TCP."""
    while True:
        with socket.socket() as tcp, \
                socket.socket(type=socket.SOCK_DGRAM) as udp:
            tcp.bind(("127.0.0.1", 0))
            try:
                udp.bind(tcp.getsockname())
            except OSError:
                continue
            return tcp.getsockname()[1]


def answers(port):
    with socket.socket(type=socket.SOCK_DGRAM) as client:
        client.settimeout(0.2)
        try:
            client.connect(("127.0.0.1", port))
            client.send(QUESTION)
            return bool(client.recv(512))
        except OSError:
            time.sleep(0.05)
            return False


def configuration(directory, port):
    zones = sorted(ZONES.glob("*.zone"))
    text = SERVER.format(port=port, zones=ZONES, directory=directory)
    return text + "".join(ZONE.format(name=zone.stem) for zone in zones)


@contextlib.contextmanager
def running(directory):
    """Its "address:port"."""
    port = free_port()
    path = directory / "nsd.conf"
    path.write_text(configuration(directory, port))
    program = shutil.which("nsd") or "/usr/sbin/nsd"
    process = subprocess.Popen([program, "-d", "-c", str(path)],
                               stderr=subprocess.DEVNULL)
    try:
        end = time.monotonic() + 10
        while not answers(port):
            assert process.poll() is None, \
                (directory / "nsd.log").read_text()
            assert time.monotonic() < end, "nsd does not answer"
        yield f"127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


@contextlib.contextmanager
def silent():
    """The "address:port" of one that is there but never answers."""
    with socket.socket(type=socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        yield "127.0.0.1:{}".format(server.getsockname()[1])


# What the half-silent server knows, by type: A 192.0.2.99, TXT "v=spf1 -all".
RECORDS = {b"\0\1": bytes([192, 0, 2, 99]), b"\0\x10": b"\x0bv=spf1 -all"}


def answer_some(server):
    """Answers for A and TXT, unless the name has an underscore."""
    while True:
        question, client = server.recvfrom(512)
        if not question:
            return
        end = question.index(b"\0", 12) + 5
        record = RECORDS.get(question[end - 4:end - 2])
        if record and b"_" not in question[12:end]:
            server.sendto(question[:2] + b"\x81\x80\0\1\0\1\0\0\0\0"
                          + question[12:end] + b"\xc0\x0c"
                          + question[end - 4:end] + b"\0\0\0\x3c"
                          + len(record).to_bytes(2, "big") + record, client)


@contextlib.contextmanager
def half():
    """The "address:port" of one that answers some questions alone."""
    with socket.socket(type=socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        thread = threading.Thread(target=answer_some, args=(server,))
        thread.start()
        yield "127.0.0.1:{}".format(server.getsockname()[1])
        # An empty datagram ends the thread.
        server.sendto(b"", server.getsockname())
        thread.join()
