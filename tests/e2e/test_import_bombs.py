"""Files for imports that are made to be too much: each ends in words, soon."""

import base64
import time

import pytest

MOST = 30 << 20  # in base64 it is below the server's limit


def imported(server, module, data, **config):
    start = time.monotonic()
    status, answer = server.query({
        "module": module, "config": config,
        "data": base64.b64encode(data).decode()})
    assert status == 200
    assert time.monotonic() - start < 8
    return answer


@pytest.mark.parametrize("data, words", [
    (b"a\n" * (MOST // 2), "more than 200000 attributes"),
    (b"a,b,\n" + b'"' + b"x" * MOST, "line 2 has more than 1048576 bytes"),
    (b"," * MOST, "line 1 has more than 1000 fields"),
    (b'"' * MOST, "line 1 has more than 1048576 bytes"),
    (b'a,"' + b"\n" * MOST, "line 1 has more than 1048576 bytes"),
])
def test_csv_that_is_too_much(server, data, words):
    answer = imported(server, "csvimport", data, header="mutex,comment")
    assert words in answer["error"]


@pytest.mark.parametrize("data", [
    b"#\n" * (MOST // 2), b"\n" * MOST, b"\0" * MOST, b" ,\r" * (MOST // 3),
])
def test_csv_with_nothing_in_it(server, data):
    assert imported(server, "csvimport", data, header="mutex,comment") == {
        "results": {}}


def test_csv_with_too_many_tags(server):
    data = b'a,"' + b"t," * 300000 + b'"\n'
    answer = imported(server, "csvimport", data, header="mutex,attribute_tag")
    assert "more than 200000 attributes" not in answer.get("error", "")
    data = (b'a,"' + b"t," * 300000 + b'"\n').replace(b"t", b"uv")
    data = data[:1 << 20] + b'"\n' + b'a,"' + b"t," * 300000 + b'"\n'
    answer = imported(server, "csvimport", data,
                      header="type,value,attribute_tag")
    assert "error" in answer


@pytest.mark.parametrize("module, line, words", [
    ("url_import", b"http://a.example/b\n", "more than 200000 attributes"),
    ("url_import", b"a" * 100000, "too long for a URL"),
    ("cof2misp", b'{"rrname":"a.example","rrtype":"A"}\n',
     "more than 200000 attributes"),
    ("cof2misp", b"[" * 100000, "line 1"),
    ("cof2misp", b"\n1", "Could not validate the COF input '1' (line 2"),
])
def test_lines_that_are_too_much(server, module, line, words):
    data = line * (10 << 20 if len(line) < 1000 else 1 << 20)
    answer = imported(server, module, data[:10 << 20])
    assert words in answer["error"]


@pytest.mark.parametrize("module", ["url_import", "cof2misp"])
def test_lines_with_nothing_in_them(server, module):
    assert imported(server, module, b"\n" * MOST) == {"results": {}}
