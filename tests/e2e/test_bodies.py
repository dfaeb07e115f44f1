"""Bodies that no MISP sends, and those it sends that are large."""

import json
import socket

import pytest

LIMIT = (64 << 20) + 1000  # max_request of the fixture front
GOOD = {"module": "good_echo", "text": "hello", "event_id": "3"}

INVALID = {
    "empty": b"",
    "truncated": b'{"module":"good_echo","text":"hel',
    "no_json": b"module=good_echo&text=hello",
    "html": b"<html></html>",
    "nul_byte": b'{"module":"good_echo",\0"text":"hello"}',
    "nul_in_string": b'{"module":"good_echo","text":"a\0b"}',
    "nul_escaped": b'{"module":"good_echo","text":"a\\u0000b"}',
    "invalid_utf8": b'{"module":"good_echo","text":"\xff\xfe"}',
    "utf8_surrogate": b'{"module":"good_echo","text":"\xed\xa0\x80"}',
    "lone_surrogate": b'{"module":"good_echo","text":"\\ud800"}',
    "deep_lists": b"[" * 100_000 + b"]" * 100_000,
    "deep_objects": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "deep_in_a_query": b'{"module":"good_echo","text":"x","data":'
                       + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "long_number": b'{"module":"good_echo","text":"x","n":'
                   + b"7" * 10_000 + b".0}",
    "two_values": b'{"module":"good_echo","text":"x"} {}',
    "trailing": b'{"module":"good_echo","text":"x"},',
}
NO_QUERY = {
    "no_module": b'{"text":"hello"}',
    "module_is_a_number": b'{"module":7,"text":"hello"}',
    "module_is_null": b'{"module":null}',
    "list": b"[]",
    "null": b"null",
    "string": b'"good_echo"',
}


@pytest.mark.parametrize("name", INVALID)
def test_what_is_no_json_is_refused_with_its_position(front, name):
    status, answer = front.query(INVALID[name])
    assert status == 400
    assert answer["results"] == []
    assert "line " in answer["error"] and "column " in answer["error"]


@pytest.mark.parametrize("name", NO_QUERY)
def test_what_names_no_module_is_refused(front, name):
    status, answer = front.query(NO_QUERY[name])
    assert status == 400
    assert answer["results"] == []
    assert "module" in answer["error"]


def test_of_duplicate_keys_the_last_counts(front):
    status, answer = front.query(
        b'{"module":"nobody","module":"good_echo","text":"1","text":"2"}')
    assert status == 200
    assert answer["results"][0]["values"] == ["2"]


def test_white_space_and_a_byte_order_are_no_matter(front):
    status, answer = front.query(b' \r\n\t' + json.dumps(GOOD).encode() + b"\n")
    assert (status, answer["results"][0]["values"]) == (200, ["hello"])


def test_chunked(front):
    def pieces():
        body = json.dumps({**GOOD, "padding": "x" * 200_000}).encode()
        for start in range(0, len(body), 10_000):
            yield body[start:start + 10_000]

    reply = front.request("POST", "/query", data=pieces())
    assert reply.status_code == 200
    assert reply.json()["results"][0]["values"] == ["hello"]


def test_a_body_of_64_mib_is_answered(front):
    body = json.dumps({**GOOD, "data": ""}).encode()
    body = body[:-2] + b"A" * ((64 << 20) - len(body)) + body[-2:]
    status, answer = front.query(body)
    assert (status, answer["results"][0]["values"]) == (200, ["hello"])


def test_above_the_limit(front):
    status, answer = front.query(b" " * (LIMIT + 1))
    assert status == 413
    assert answer["results"] == [] and str(LIMIT) in answer["error"]


def test_above_the_limit_chunked(front):
    reply = front.request("POST", "/query", data=(
        b" " * (1 << 20) for _ in range(66)))
    assert reply.status_code == 413


@pytest.mark.parametrize("sent", [0, 10, 70_000])
def test_a_client_that_stops_in_the_middle_harms_nobody(front, sent):
    for _ in range(20):
        with socket.create_connection(("127.0.0.1", front.port)) as client:
            client.sendall(b"POST /query HTTP/1.1\r\nHost: x\r\n"
                           b"Content-Length: 100000\r\n\r\n" + b" " * sent)
    assert front.ask("good_echo")["results"]


def test_expect_100_continue(front):
    body = json.dumps(GOOD).encode()
    with socket.create_connection(("127.0.0.1", front.port)) as client:
        client.settimeout(5)
        client.sendall(b"POST /query HTTP/1.1\r\nHost: x\r\nConnection: close"
                       b"\r\nExpect: 100-continue\r\nContent-Length: %d\r\n"
                       b"\r\n" % len(body))
        first = client.recv(1000)
        client.sendall(body)
        rest = b"".join(iter(lambda: client.recv(10_000), b""))
    assert first.startswith(b"HTTP/1.1 100")
    assert b" 200 OK" in rest and b"hello" in rest
