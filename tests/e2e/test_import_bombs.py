"""Files for imports that are made to be too much: each ends in words, soon."""

import base64

import pytest

from server import SANITIZED

MOST = 30 << 20  # in base64 it is below the server's limit
TIMEOUT = 60 if SANITIZED else 10

CSV = {
    "rows": (b"a\n", "more than 100000 attributes"),
    "fields": (b"," * 2000 + b"\n", "line 1 has more than 1000 fields"),
    "commas": (b",", "line 1 has more than 1048576 bytes"),
    "quotes": (b'"', "line 1 has more than 1048576 bytes"),
    "open_quote": (b'"' + b"a\n" * MOST, "line 1 has more than 1048576 bytes"),
    "one_field": (b"x", "line 1 has more than 1048576 bytes"),
    "tags": (b'a,"' + b"t," * 300000 + b'"\n', "more than 100000 attributes"),
}
NOTHING = {"comments": b"#\n", "line_ends": b"\n", "nul_bytes": b"\0",
           "empty_fields": b" ,\r"}
LINES = {
    "urls": ("url_import", b"http://a.example/b\n",
             "more than 100000 attributes"),
    "long_url": ("url_import", b"a", "too long for a URL"),
    "records": ("cof2misp", b'{"rrname":"a.example","rrtype":"A"}\n',
                "more than 100000 attributes"),
    "brackets": ("cof2misp", b"[", "line 1"),
    "numbers": ("cof2misp", b"\n1",
                "Could not validate the COF input '1' (line 2"),
}


@pytest.fixture(scope="module")
def server(make_server):
    """One that gives a query as long as MISP does."""
    with make_server(workers=2, timeout=TIMEOUT) as instance:
        yield instance


def imported(server, module, part, **config):
    data = part[:MOST] * (MOST // len(part) or 1)
    status, answer = server.query({
        "module": module, "config": config,
        "data": base64.b64encode(data).decode()})
    assert status == 200
    return answer


@pytest.mark.parametrize("name", CSV)
def test_csv_that_is_too_much(server, name):
    part, words = CSV[name]
    header = "mutex,comment"
    if name == "tags":
        part = part.replace(b"a,", b"a,mutex,", 1)
        header = "value,type,attribute_tag"
    answer = imported(server, "csvimport", part, header=header)
    assert words in answer["error"]


@pytest.mark.parametrize("name", NOTHING)
def test_csv_with_nothing_in_it(server, name):
    assert imported(server, "csvimport", NOTHING[name],
                    header="mutex,comment") == {"results": {}}


@pytest.mark.parametrize("name", LINES)
def test_lines_that_are_too_much(server, name):
    module, part, words = LINES[name]
    assert words in imported(server, module, part)["error"]


@pytest.mark.parametrize("module", ["url_import", "cof2misp"])
def test_lines_with_nothing_in_them(server, module):
    assert imported(server, module, b"\n") == {"results": {}}
