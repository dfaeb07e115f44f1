"""Uploads that are larger than anything: refused, and nobody harmed."""

import http.client
import time

PIECE = b'0,"field",' * 6553 + b"\n"
GIB = 1 << 30


def test_a_gigabyte_in_chunks(server):
    """Nobody has said how long it will be."""
    def pieces():
        yield b'{"module":"csvimport","event_id":3,"data":"'
        for _ in range(GIB // len(PIECE)):
            yield PIECE

    connection = http.client.HTTPConnection("127.0.0.1", server.port,
                                            timeout=30)
    began = time.monotonic()
    try:
        connection.request("POST", "/query", body=pieces(),
                           encode_chunked=True,
                           headers={"Transfer-Encoding": "chunked",
                                    "Content-Type": "application/json"})
    except (BrokenPipeError, ConnectionResetError):
        pass  # it did not want to hear the rest
    reply = connection.getresponse()
    assert reply.status == 413
    assert time.monotonic() - began < 20
    assert server.ask("testimport", data="QUJD")["results"]
