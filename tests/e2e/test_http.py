"""How modules ask services over HTTP: what is sent, what a failure is called,
and where no request goes."""

import base64
import contextlib
import gzip
import json
import os
import pathlib
import shutil
import socket
import socketserver
import subprocess
import sys
import threading

import pytest

from server import MODULES, PROGRAM, TEST_MODULES

API = "https://service.example.test/api/"
WORD = {"reply": {"word": "yes"}}
YES = {"results": [{"types": ["text"], "values": ["yes"]}]}
KEY = "canary-7f3a"


@pytest.fixture(scope="module")
def asking(make_server):
    with make_server(modules=["fetch_any", "fetch_service"], workers=2,
                     timeout=4, http="max_response = 4096") as instance:
        yield instance


def ask(server, text, module="fetch_service", **config):
    _, answer = server.query({"module": module, "text": text, "event_id": "3",
                              "config": {"apikey": KEY, **config}})
    assert KEY not in json.dumps(answer)
    return answer


def error(answer):
    assert answer["results"] == []
    return answer["error"]


def get(path, **more):
    return {"request": f"GET {API}{path}", **more}


# ---- What is sent ----

def test_header_and_path(asking, stub):
    stub.play([get("a%2fb%20c", headers={"X-Key": KEY}, **WORD)])
    assert ask(asking, "a/b c") == YES
    assert stub.problems() == []


def test_form(asking, stub):
    stub.play([{"request": f"POST {API}f", "body": {"<form>": {"form": "a&b"}},
                **WORD}])
    assert ask(asking, "f", form="a&b") == YES
    assert stub.problems() == []


def test_another_url(asking, stub):
    stub.play([{"request": "GET https://own.example.test/base/a", **WORD}])
    assert ask(asking, "a", url="https://own.example.test/base/") == YES
    assert stub.problems() == []


# ---- Redirects ----

def redirect(to, status=302):
    return {"status": status, "reply_headers": {"Location": to}}


def test_redirect_on_the_same_host(asking, stub):
    stub.play([get("a", **redirect("b")),
               get("b", headers={"X-Key": KEY}, **WORD)])
    assert ask(asking, "a") == YES
    assert stub.problems() == []


@pytest.mark.parametrize("host", ["second.example.test",
                                  "x.below.example.test"])
def test_another_host_learns_no_key(asking, stub, host):
    stub.play([get("a", headers={"X-Key": KEY},
                   **redirect(f"https://{host}/b")),
               {"request": f"GET https://{host}/b", "headers": {"X-Key": None},
                **WORD}])
    assert ask(asking, "a") == YES
    assert stub.problems() == []


def test_a_host_that_is_not_declared(asking, stub):
    stub.play([get("a", **redirect("https://evil.example.test/b"))])
    assert error(ask(asking, "a")) == \
        "The Service: the module may not ask evil.example.test"
    assert stub.problems() == []


def test_a_form_goes_to_no_other_host(asking, stub):
    stub.play([{"request": f"POST {API}a", "body": {"<form>": {"form": "x"}},
                **redirect("https://second.example.test/b", 307)}])
    assert error(ask(asking, "a", form="x")) == \
        "The Service: service.example.test sends us to another host"


def test_redirects_without_end(asking, stub):
    stub.play([get("a", **redirect("a")) for _ in range(6)])
    assert error(ask(asking, "a")) == \
        "The Service: service.example.test redirects too often"


def test_another_protocol(asking, stub):
    stub.play([get("a", **redirect("file:///etc/passwd"))])
    assert "passwd" not in error(ask(asking, "a"))


# ---- Patience ----

def test_a_short_wait(asking, stub):
    stub.play([get("a", status=429, reply_headers={"Retry-After": "1"}),
               get("a", **WORD)])
    assert ask(asking, "a") == YES


def test_a_long_wait(asking, stub):
    stub.play([get("a", status=429, reply_headers={"Retry-After": "37"})])
    assert error(ask(asking, "a")) == \
        "The Service answered 429: quota exceeded, retry after 37 s"
    assert stub.problems() == []


def test_no_word_how_long(asking, stub):
    stub.play([get("a", status=503), get("a", status=503)])
    assert error(ask(asking, "a")) == \
        "The Service answered 503: it is not available at the moment"
    assert stub.problems() == []


# ---- Failures, in words ----

@pytest.mark.parametrize("exchange, words", [
    ({"status": 404, **WORD}, "Nothing there"),
    ({"status": 401, "reply": {"error": {"message": "Wrong API key"}}},
     "The Service answered 401: the key or password was not accepted "
     '("Wrong API key")'),
    ({"status": 500, "reply_text": "<html>"},
     "The Service answered 500: it has failed"),
    ({"status": 444},
     "The Service: service.example.test closed the connection without an "
     "answer"),
    ({"reply_text": "<html>", "reply_headers": {"Content-Type": "text/html"}},
     "The Service answered 200 with no valid JSON (text/html)"),
    ({"status": 204}, "The Service answered 204 with nothing"),
    ({"reply_text": "x" * 5000},
     "The Service: the answer of service.example.test has more than 4096 "
     "bytes (http { max_response })"),
    ({"reply_base64": base64.b64encode(gzip.compress(b" " * (8 << 20)))
      .decode(), "reply_headers": {"Content-Encoding": "gzip"}},
     "The Service: the answer of service.example.test has more than 4096 "
     "bytes (http { max_response })"),
    ({"reply_text": "no gzip", "reply_headers": {"Content-Encoding": "gzip"}},
     "The Service: the answer of service.example.test cannot be decoded"),
])
def test_failures(asking, stub, exchange, words):
    # On a connection that was used before, libcurl asks once more.
    stub.play([get("a", **exchange), get("a", **exchange, optional=True)])
    assert error(ask(asking, "a")) == words


@pytest.mark.parametrize("host, why", [
    ("untrusted", "self-signed certificate"),
    ("expired", "certificate has expired"),
    ("other", "it is for another name"),
])
def test_certificates(asking, host, why):
    assert error(ask(asking, f"https://{host}.example.test/",
                     "fetch_any")) == \
        f"the page: the certificate of {host}.example.test is not trusted: " \
        f"{why}"


def raw_server(answer):
    """A TCP server that answers so, and its port."""
    class Handler(socketserver.BaseRequestHandler):
        def handle(self):
            self.server.asked.append(self.request.recv(65536))
            self.request.sendall(answer)

    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.asked = []
    threading.Thread(target=server.serve_forever, args=(0.05,),
                     daemon=True).start()
    return server


@contextlib.contextmanager
def answering(answer):
    with raw_server(answer) as server:
        yield server
        server.shutdown()


OK = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s"


@pytest.mark.parametrize("answer, words", [
    (OK % (100, b"{}"), "the answer of 127.0.0.1 was cut short"),
    (b"SSH-2.0-x\r\n", "127.0.0.1 did not answer in HTTP"),
    (b"", "127.0.0.1 closed the connection without an answer"),
])
def test_broken_answers(serve, answer, words):
    with answering(answer) as there:
        server = serve(modules=["fetch_service"])
        url = f"http://127.0.0.1:{there.server_address[1]}"
        assert error(ask(server, "a", url=url)) == f"The Service: {words}"


def test_nobody_there(serve, names):
    server = serve(modules=["fetch_service"], timeout=2)
    closed, silent = names["<closed port>"], names["<silent port>"]
    assert error(ask(server, "a", url=f"http://127.0.0.1:{closed}")) == \
        "The Service: cannot connect to 127.0.0.1: Connection refused"
    assert error(ask(server, "a", url=f"http://127.0.0.1:{silent}")) == \
        "The Service: 127.0.0.1 did not answer in time"
    assert error(ask(server, "a", url="http://nowhere.invalid")) == \
        "The Service: cannot resolve nowhere.invalid"
    # The worker said so itself: no watchdog had to end it.
    assert server.metric("misp_modules_timeouts_total",
                         module="fetch_service") in (None, 0)


def test_keys_stay_out_of_the_log(asking):
    assert KEY not in "\n".join(asking.log)


# ---- Proxies ----

def test_proxies(serve):
    """A global proxy, one for a module, none for a module or a host."""
    body = OK % (14, b'{"word":"yes"}')
    with answering(body) as proxy:
        address = f"http://127.0.0.1:{proxy.server_address[1]}"
        server = serve(
            modules=["fetch_service", "fetch_any"], plugin=
            'Enrichment_fetch_any_proxy = "none"',
            sections=f'http {{ proxy = "{address}" '
            'no_proxy = "direct.invalid" }')
        assert ask(server, "a", url="http://x.invalid/b") == YES
        assert proxy.asked[0].startswith(b"GET http://x.invalid/b/a HTTP/1.1")
        assert error(ask(server, "a", url="http://direct.invalid/")) == \
            "The Service: cannot resolve direct.invalid"
        assert error(ask(server, "http://y.invalid/", "fetch_any")) == \
            "the page: cannot resolve y.invalid"
        assert len(proxy.asked) == 1


def test_a_proxy_is_no_way_around_the_filter(serve):
    with answering(OK % (2, b"{}")) as proxy:
        server = serve(modules=["fetch_any"], plugin="", sections=(
            f'http {{ proxy = "http://127.0.0.1:{proxy.server_address[1]}" '
            "}"))
        assert "is not on the public Internet" in error(
            ask(server, "http://169.254.169.254/", "fetch_any"))
        assert proxy.asked == []


# ---- The address filter ----

@pytest.mark.parametrize("host", [
    "127.0.0.1", "127.1", "2130706433", "0x7f000001", "017700000001",
    "0.0.0.0", "10.0.0.1", "192.168.1.1", "169.254.169.254", "[::1]", "[::]",
    "[::ffff:127.0.0.1]", "[fe80::1]", "[fd00::1]", "localhost",
    "localhost.", "user:word@127.0.0.1"])
def test_addresses_that_are_not_public(serve_filtering, host):
    server, there = serve_filtering
    port = there.server_address[1]
    words = error(ask(server, f"http://{host}:{port}/", "fetch_any"))
    assert "is not on the public Internet" in words
    assert there.asked == []


@pytest.fixture(scope="module")
def serve_filtering():
    from server import Server
    instance = Server(modules=["fetch_any"])
    try:
        with answering(OK % (2, b"{}")) as there:
            yield instance, there
    finally:
        instance.close()


@pytest.fixture
def sandbox(tmp_path):
    """Runs rebinding.py where only this machine can be reached."""
    modules = tmp_path / "modules"
    shutil.copytree(MODULES, modules, ignore=shutil.ignore_patterns("*.d"))
    shutil.copy(TEST_MODULES / "expansion" / "fetch_any.so",
                modules / "expansion")
    script = pathlib.Path(__file__).with_name("rebinding.py")

    def run(settings, *arguments):
        config = tmp_path / "misp-modules.conf"
        config.write_text(f'server {{ modules = "{modules}" timeout = 5 }}\n'
                          f"{settings}\n")
        command = ["unshare", "--net", "--mount", sys.executable, script,
                   PROGRAM, config, *arguments]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True,
                              timeout=60)
        assert done.returncode == 0
        return json.loads(done.stdout)

    return run


@pytest.mark.skipif(os.geteuid() != 0, reason="network namespaces need root")
def test_names_that_change_their_address(sandbox):
    """A name is public when it is looked up first, and loopback then."""
    first, second, asked = sandbox("", "http://rebind.test/",
                                   "http://rebind.test/")
    assert first["results"] and asked["public"] == 1
    assert error(second) == \
        "the page: rebind.test is at 127.0.0.1, which is not on the public " \
        "Internet; the administrator may allow it (http { allow_private })"
    assert asked["loopback"] == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="network namespaces need root")
@pytest.mark.parametrize("path", ["name", "address", "mapped"])
def test_redirects_to_loopback(sandbox, path):
    answer, asked = sandbox("", f"http://public.test/{path}")
    assert "is not on the public Internet" in error(answer)
    assert asked == {"public": 1, "loopback": 0}


@pytest.mark.skipif(os.geteuid() != 0, reason="network namespaces need root")
def test_the_administrator_may_allow_it(sandbox):
    answer, asked = sandbox("http { allow_private = true }",
                            "http://public.test/address")
    assert answer["results"]
    assert asked == {"public": 1, "loopback": 1}
