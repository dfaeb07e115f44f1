"""What a web server never sends, straight on the socket: no worker hangs for
longer than the deadline, and afterwards all is well."""

import contextlib
import json
import os
import random
import signal
import time

import pytest

import fastcgi
from fastcgi import BEGIN, PARAMS, RESPONDER, STDIN, record
from server import DEADLINE, Server, wait_for

TIMEOUT = 1
WORKERS = 9
# Each worker may be held for TIMEOUT by each of its share of the peers.
PATIENCE = 5
BEGUN = record(BEGIN, RESPONDER)
READY = (BEGUN + record(PARAMS, fastcgi.params(CONTENT_LENGTH=100))
         + record(PARAMS))
QUERY = json.dumps({"module": "good_echo", "text": "raw"}).encode()

RUBBISH = {
    "nothing": b"",
    "one_byte": b"\x01",
    "http": b"GET /modules HTTP/1.1\r\nHost: x\r\n\r\n",
    "zeros": bytes(100_000),
    "ones": b"\xff" * 100_000,
    "noise": random.Random(1).randbytes(100_000),
    "half_a_header": BEGUN[:5],
    "half_a_begin": BEGUN[:12],
    "wrong_version": record(BEGIN, RESPONDER, version=9),
    "wrong_role": record(BEGIN, b"\x00\x63" + bytes(6)),
    "begin_alone": BEGUN,
    "begin_twice": BEGUN + BEGUN,
    "unknown_type": record(99, b"what?"),
    "params_first": record(PARAMS, fastcgi.params()) + record(PARAMS),
    "stalled_params": BEGUN + record(PARAMS, b"\x01\x01", length=65535),
    "lying_pair": BEGUN + record(PARAMS, b"\xff\xff\xff\xff\xff\xff\xff\xffAB")
    + record(PARAMS),
    "huge_pair": BEGUN + record(PARAMS, b"\x84\0\0\0\x84\0\0\0" + b"A" * 60000),
    "endless_params": BEGUN + record(PARAMS, fastcgi.pair(
        b"HTTP_X", b"y" * 60000)) * 50,
    "no_params": BEGUN + record(PARAMS) + record(STDIN),
    "no_stdin": READY,
    "stalled_stdin": READY + record(STDIN, b"{", length=65535),
    "half_a_body": READY + record(STDIN, b'{"module":'),
    "other_request": READY + record(STDIN, QUERY, request=7),
    "abort": READY + record(fastcgi.ABORT),
    "get_values": record(9, fastcgi.pair(b"FCGI_MAX_CONNS", b""), request=0),
    "no_path": BEGUN + record(PARAMS, fastcgi.pair(b"A", b"b"))
    + record(PARAMS) + record(STDIN),
    "binary_path": fastcgi.request(b"", "/\x01\x7f" + "x" * 5000, "\x02" * 300),
}


@pytest.fixture(scope="module")
def direct():
    instance = Server("nginx", workers=WORKERS, timeout=TIMEOUT,
                      modules=("good_echo",))
    yield instance
    instance.close()


def ask_directly(server):
    peer = fastcgi.connect(server.responder.path)
    peer.sendall(fastcgi.request(QUERY))
    answer = fastcgi.read_all(peer)
    peer.close()
    return answer


def test_a_proper_request(direct):
    answer = ask_directly(direct)
    assert b"Status: 200 OK" in answer
    assert b'"raw"' in answer
    assert answer.endswith(record(fastcgi.END, bytes(8)))


@pytest.fixture(scope="module")
def outcomes(direct):
    """Far more peers than workers send their rubbish at once and stay; for
    each, when the server was rid of it (None: never)."""
    began, peers, ends = time.monotonic(), {}, {}
    for name, rubbish in RUBBISH.items():
        peers[name] = fastcgi.connect(direct.responder.path, PATIENCE)
        with contextlib.suppress(ConnectionError):  # refused: just as good
            peers[name].sendall(rubbish)
    for name, peer in peers.items():
        closed = fastcgi.read_all(peer) is not None
        ends[name] = time.monotonic() - began if closed else None
    yield ends
    for peer in peers.values():
        peer.close()


@pytest.mark.parametrize("name", RUBBISH)
def test_rubbish_holds_no_worker(outcomes, name):
    assert outcomes[name] is not None
    assert outcomes[name] < PATIENCE


def test_after_all_that_it_is_well(direct, outcomes):
    assert b'"raw"' in ask_directly(direct)
    assert direct.get("/healthcheck").json()["status"] is True
    assert len(direct.workers()) >= WORKERS


def test_a_peer_that_reads_nothing_holds_no_worker(serve):
    server = serve(workers=1, modules=("good_echo",))
    body = json.dumps({"module": "good_echo", "text": "x" * 900_000}).encode()
    peer = fastcgi.connect(server.responder.path)
    chunks = b"".join(record(STDIN, body[start:start + 60_000])
                      for start in range(0, len(body), 60_000))
    peer.sendall(BEGUN + record(PARAMS, fastcgi.params()) + record(PARAMS)
                 + chunks + record(STDIN))
    wait_for(lambda: b'"raw"' in (ask_directly(server) or b""), DEADLINE + 2,
             "the worker to be free")
    peer.close()


def test_a_request_that_is_whole_at_its_deadline_is_answered(serve):
    """The worker is stopped, as a machine that sleeps, while the rest of the
    body arrives and the time to read it passes."""
    server = serve(workers=1, timeout=1, modules=("good_slow",))
    body = json.dumps({"module": "good_slow", "text": "0.3",
                       "more": 60000 * "x"}).encode()
    for _ in range(4):
        with fastcgi.connect(server.responder.path) as peer:
            whole = fastcgi.request(body)
            peer.sendall(whole[:200])
            time.sleep(0.2)
            workers = server.workers()
            for pid in workers:
                os.kill(pid, signal.SIGSTOP)
            peer.sendall(whole[200:])
            time.sleep(1.1)
            for pid in workers:
                os.kill(pid, signal.SIGCONT)
            answer = fastcgi.read_all(peer)
        assert b"0.3" in answer or b"Status: 408" in answer


def test_closing_at_once_a_thousand_times(direct):
    before = set(direct.workers())
    for number in range(1000):
        peer = fastcgi.connect(direct.responder.path)
        if number % 2:
            peer.sendall(os.urandom(number % 50))
        peer.close()
    assert b'"raw"' in ask_directly(direct)
    assert before & set(direct.workers()), "not one worker survived that"
