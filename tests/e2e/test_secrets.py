"""No setting that is a secret comes out again, whatever becomes of a query.

Each golden case is asked again with canaries for the secrets in its config,
and the services reply as listed, and then in every way that they fail.
"""

import base64
import json
import re
import secrets

import pytest

from golden import CASES, case_id, named, prepared, read_case

SECRET = re.compile("key|token|password|secret|user|auth", re.IGNORECASE)
CANARY = secrets.token_hex(6)
# Some services repeat the key that they were sent.
REPEATED = {name: f"wrong key {CANARY}-key" for name in
            ("message", "error", "detail", "msg", "query_status")}
FAILURES = {
    "refused": {"status": 401, "reply": REPEATED},
    "refused in words": {"status": 403, "reply_text": REPEATED["message"]},
    "over the quota": {"status": 429, "reply": REPEATED,
                       "reply_headers": {"Retry-After": "3600"}},
    "broken": {"status": 500, "reply": {"error": REPEATED}},
    "rubbish": {"reply_text": "<html>"},
    "silent": {"status": 444},
}


def with_canaries(request):
    """The request with other secrets; None if it has none."""
    config = request.get("config")
    found = [name for name, value in config.items() if isinstance(value, str)
             and value and not value.startswith("<") and SECRET.search(name)] \
        if isinstance(config, dict) else []
    if not found:
        return None
    return {**request, "config": {**config, **{
        name: CANARY + ("-user" if "user" in name.lower() else "-key")
        for name in found}}}


def cases_with_secrets():
    """(path, whether it is the first of its shape), of every such case."""
    seen = set()
    for path in CASES:
        try:
            request = with_canaries(read_case(path)["request"])
        except (ValueError, AssertionError, LookupError, AttributeError):
            continue  # test_golden says so
        if request is None:
            continue
        attribute = request.get("attribute")
        shape = json.dumps([
            sorted(request), sorted(request["config"]), request["module"],
            attribute.get("type") if isinstance(attribute, dict) else ""])
        yield pytest.param(path, shape not in seen, id=case_id(path))
        seen.add(shape)


def forms():
    """How the canary may look: as it is, or within base64."""
    yield CANARY
    for shift in range(3):
        text = base64.b64encode(b"-" * shift + CANARY.encode()).decode()
        yield text.rstrip("=")[4 if shift else 0:-4]


def assert_unseen(text, where):
    for form in forms():
        start = text.find(form)
        assert start < 0, f"{where}: …{text[max(start - 200, 0):start + 50]}"


@pytest.fixture(scope="module")
def quiet(make_server):
    with make_server(workers=2) as server:
        yield server
        look_behind(server)


@pytest.fixture(scope="module")
def talking(make_server):
    with make_server(workers=2, config="log_values = true") as server:
        yield server
        look_behind(server)


@pytest.fixture(scope="module")
def cut_off(make_server):
    with make_server(workers=2, reachable=False,
                     config="log_values = true") as server:
        yield server
        look_behind(server)


def look_behind(server):
    """At all that is left once every case has been asked."""
    assert server.log
    assert_unseen("\n".join(server.log), "the log")
    assert_unseen(server.web_log(), "the web server's log")
    assert_unseen(server.get("/metrics").text, "/metrics")
    files = [str(path) for path in server.directory.rglob("*")]
    assert_unseen("\n".join(files), "the name of a file")


def ask(server, request, what):
    before = server.responder.log_path.stat().st_size
    _, answer = server.query(request)
    assert_unseen(json.dumps(answer), f"the answer, {what}")
    with open(server.responder.log_path, "rb") as log:
        log.seek(before)
        assert_unseen(log.read().decode(errors="replace"), f"the log, {what}")


@pytest.mark.parametrize("path, is_first", cases_with_secrets())
def test_no_secret_comes_out(path, is_first, stub, names, quiet, talking,
                             cut_off):
    case = read_case(path)
    request = prepared(with_canaries(case["request"]), names)
    exchanges = named(case.get("services", []), names)
    for server in (quiet, talking):
        stub.play(exchanges, by_order=True)
        ask(server, request, "as listed")
        for what, reply in FAILURES.items() if is_first else ():
            stub.play([], instead=reply)
            ask(server, request, what)
    if is_first:
        ask(cut_off, request, "unreachable")


def test_secrets_are_looked_for():
    with_key = {"config": {"api_KEY": "k", "limit": "3", "token": None}}
    assert with_canaries(with_key) == {
        "config": {"api_KEY": CANARY + "-key", "limit": "3", "token": None}}
    assert with_canaries({"config": {"limit": "3"}}) is None
    credentials = [base64.b64encode(f"{user}:{CANARY}-key".encode()).decode()
                   for user in ("", "a", "bc")]
    for text in (CANARY, f'"{CANARY}-key"', *credentials):
        with pytest.raises(AssertionError):
            assert_unseen(f"before {text} behind", "here")
