"""What the log says, and what it must never say."""

import os
import re
import shlex
import socket

import pytest

SECRET, FILE_SECRET, VALUE = "s3cr3t-k3y", "f1l3-k3y", "evil.example.org"


def fields(line):
    return dict(pair.split("=", 1) for pair in shlex.split(line))


def test_one_line_a_query(front):
    reply = front.request("POST", "/query", json={
        "module": "good_echo", "ip-src": "8.8.8.8", "event_id": "3"})
    line = front.wait_for_log("id=" + reply.headers["X-Request-Id"])
    line = fields(line[line.index("level="):])
    assert line["module"] == "good_echo"
    assert line["input"] == "ip-src"
    assert line["status"] == "ok"
    assert line["address"] == "127.0.0.1"
    assert re.fullmatch(r"\d+(\.\d+)?", line["ms"])
    assert int(line["bytes_out"]) == len(reply.content.strip())
    assert int(line["bytes_in"]) > 50


def ask_about_secrets(server):
    for module in ("good_echo", "bad_tells", "bad_null", "bad_loop",
                   "bad_returns_null", "nobody"):
        server.query({"module": module, "text": VALUE, "event_id": "3",
                      "timeout": 1, "config": {"apikey": SECRET}})
    server.query({"module": "good_echo", "text": VALUE,
                  "user": {"email": "analyst@example.org",
                           "authkey": "user-authkey"}})
    server.query({"module": "good_echo", "attribute": {
        "type": "text", "value": VALUE, "uuid": "x"}})
    server.query(b'{"module":"good_echo","text":"' + VALUE.encode())
    return "\n".join(server.log) + server.web_log()


def test_neither_settings_nor_values_nor_users(serve):
    server = serve(modules=("good_echo", "bad_tells", "bad_null", "bad_loop",
                            "bad_returns_null"), timeout=1,
                   plugin=f'Enrichment_good_echo_apikey = "{FILE_SECRET}"')
    log = ask_about_secrets(server)
    assert "module=good_echo" in log
    for word in (SECRET, FILE_SECRET, "user-authkey", "analyst@", VALUE):
        assert word not in log


def test_values_are_logged_if_the_administrator_wants_it(serve):
    server = serve(config="log_values = true",
                   modules=("good_echo", "bad_tells", "bad_null", "bad_loop",
                            "bad_returns_null"), timeout=1,
                   plugin=f'Enrichment_good_echo_apikey = "{FILE_SECRET}"')
    log = ask_about_secrets(server)
    assert f"value={VALUE}" in log
    for word in (SECRET, FILE_SECRET, "user-authkey", "analyst@"):
        assert word not in log


def test_nobody_writes_a_line_into_the_log(front):
    front.query({"module": 'x"\nlevel=info event=query module=forged',
                 "text": "y"})
    assert not [line for line in front.log if line.startswith(
        "level=info event=query module=forged")]


@pytest.fixture
def syslog():
    """What listens at /dev/log; nobody reads it but the test."""
    if os.path.exists("/dev/log") or os.geteuid() != 0:
        pytest.skip("there is a real syslog, or none can be made")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as daemon:
        daemon.bind("/dev/log")
        daemon.settimeout(5)
        yield daemon
        os.unlink("/dev/log")


def test_syslog(syslog, serve):
    server = serve(config='log = "syslog"', modules=("good_echo",))
    server.ask("good_echo")
    line = ""
    while "event=query" not in line:
        line = syslog.recv(4096).decode()
    assert re.match(r"<30>.*misp-modules\[\d+\]: event=query id=", line)
    assert "module=good_echo" in line
    assert not server.log


def test_a_syslog_that_does_not_read_stops_nothing(syslog, serve):
    server = serve(config='log = "syslog"', modules=("good_echo",))
    for _ in range(40):
        assert server.ask("good_echo")["results"]


def test_a_query_that_is_not_even_read_has_its_line(serve):
    server = serve("nginx", max_request=2048)
    assert server.query(b"x" * 3000)[0] == 413
    assert server.wait_for_log("event=query", "status=invalid",
                               "larger than this server takes")


def test_a_key_that_was_cut_is_hidden_as_well(serve):
    server = serve(modules=("bad_tells",))
    _, answer = server.query({"module": "bad_tells", "text": "x" * 976,
                              "config": {"apikey": "SECRET" * 10}})
    assert "SECR" not in answer["error"]
