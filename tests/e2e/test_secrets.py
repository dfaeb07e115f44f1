"""No setting that is a secret comes out again, whatever becomes of a query.

Each golden case is asked again with canaries for the secrets in its config,
and once for each module the services fail in every way, most of them with
words that repeat what they were asked, headers and all. Then the same with
the canaries in the configuration file.
"""

import base64
import json
import re
import secrets
import urllib.parse
import uuid

import pytest

from golden import CASES, case_id, named, prepared, read_case

SECRET = re.compile("key|token|pass|secret|user(?!-agent)|auth|login",
                    re.IGNORECASE)
NO_SECRET = re.compile("|true|false|yes|no|[0-9]+|<.*|[a-z]+://.*",
                       re.IGNORECASE)
# A plain word, so that URLs and JSON show it as it is, at both ends of what
# they have to spell otherwise.
CANARY = secrets.token_hex(6)
KEY, USER = f'{CANARY}"/+\\%&={CANARY}', f"{CANARY}@user.{CANARY}"
# Where services put their words.
PLACES = ("message", "error", "detail", "msg", "query_status", "response",
          "reason", "description", "error_message", "verbose_msg", "status")


def in_all_places(words):
    return dict.fromkeys(PLACES, words)


# Each makes a reply of what it is to repeat.
FAILURES = {
    "401": lambda words: {"status": 401, "reply": in_all_places(words)},
    "403 in words": lambda words: {"status": 403, "reply_text": words},
    "404": lambda words: {"status": 404, "reply": in_all_places(words)},
    "429": lambda words: {"status": 429, "reply": in_all_places(words),
                          "reply_headers": {"Retry-After": "3600"}},
    "500": lambda words: {"status": 500,
                          "reply": {"error": in_all_places(words)}},
    "rubbish": lambda words: {"reply_text": f"<html>{words}",
                              "reply_headers": {"X-Asked": words}},
    "closed": lambda words: {"status": 444},
}
# Here what is repeated may become a result.
FOUND = {
    "200": lambda words: {"reply": in_all_places(words)},
    "200 of errors": lambda words: {
        "reply": {"errors": [in_all_places(words)],
                  "error": in_all_places(words)}},
}


def is_secret(name, value):
    return (SECRET.search(name) and isinstance(value, str)
            and not NO_SECRET.fullmatch(value))


def canary_for(name):
    return USER if re.search("user|login", name, re.IGNORECASE) else KEY


def secrets_in(request):
    config = request.get("config")
    return [name for name, value in config.items()
            if is_secret(name, value)] if isinstance(config, dict) else []


def with_canaries(request):
    """The request with other secrets."""
    return {**request, "config": {**request["config"], **{
        name: canary_for(name) for name in secrets_in(request)}}}


def without_secrets(request):
    """The request of whoever leaves them to the configuration file."""
    found = secrets_in(request)
    return {**request, "config": {name: value for name, value
                                  in request["config"].items()
                                  if name not in found}}


def cases_with_secrets():
    """(path, whether it is the first of its shape), of every such case."""
    seen = set()
    for path in sorted(CASES, key=lambda path: (
            path.parent.name, path.stem != "good", path.stem)):
        try:
            request = read_case(path)["request"]
            if not secrets_in(request):
                continue
        except (ValueError, AssertionError, LookupError, AttributeError):
            continue  # test_golden says so
        attribute = request.get("attribute")
        shape = json.dumps([
            request["module"], sorted(secrets_in(request)),
            attribute.get("type") if isinstance(attribute, dict) else ""])
        yield pytest.param(path, shape not in seen, id=case_id(path))
        seen.add(shape)


def forms():
    """How the canary may look: as it is, or within base64."""
    yield CANARY
    for shift in range(3):
        text = base64.b64encode(b"-" * shift + CANARY.encode()).decode()
        yield text.rstrip("=")[4 if shift else 0:-4]


def position(text):
    """Where a canary is; -1 if it is nowhere."""
    return max(text.find(form) for form in forms())


def assert_unseen(text, where):
    start = position(text)
    assert start < 0, f"{where}: …{text[max(start - 200, 0):start + 70]}"


def sent(stub):
    """What was asked with a canary: URLs, headers, bodies, credentials."""
    found = set()
    for asked in stub.asked:
        authorization = asked["headers"].get("authorization", "")
        if authorization.startswith("Basic "):
            found.add(base64.b64decode(authorization[6:]).decode())
        found.update([asked["request"], json.dumps(asked["body"]),
                      *map(": ".join, asked["headers"].items())])
    return sorted(words for words in found if position(words) >= 0)


@pytest.fixture(scope="module")
def quiet(make_server):
    with make_server(workers=2) as server:
        yield server
        look_behind(server)


@pytest.fixture(scope="module")
def talking(make_server, quiet, names):
    """The administrator has written all secrets down, and logs values."""
    user = ":".join(urllib.parse.quote(part, "") for part in (USER, KEY))
    lines = [
        f'Enrichment_hashlookup_endpoint = "https://{user}'
        '@hashlookup.circl.lu"',
        f'Enrichment_macvendors_proxy = "http://{user}@127.0.0.1:'
        f'{names["<closed port>"]}"']
    for module in quiet.get("/modules").json():
        if module["type"] == "expansion":
            lines += [f"Enrichment_{module['name']}_{name} = "
                      + json.dumps(canary_for(name))
                      for name in module["meta"].get("config", [])
                      if SECRET.search(name)]
    assert "apikey" in "\n".join(lines)  # has the file's mode restricted
    with make_server(workers=2, config="log_values = true",
                     plugin="\n".join(lines)) as server:
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


# A script that logs in somewhere.
HOLD_THEM = ("cisco_firesight_manager_ACL_rule_export",)


def ask(server, request, what, found=False):
    before = server.responder.log_path.stat().st_size
    _, answer = server.query(request)
    found = found or request["module"] in HOLD_THEM
    shown = answer.get("error", "") if found else answer
    assert_unseen(json.dumps(shown), f"the answer, {what}")
    with open(server.responder.log_path, "rb") as log:
        log.seek(before)
        assert_unseen(log.read().decode(errors="replace"), f"the log, {what}")


@pytest.mark.parametrize("path, is_first", cases_with_secrets())
def test_no_secret_comes_out(path, is_first, stub, names, quiet, talking,
                             cut_off):
    case = read_case(path)
    request = prepared(with_canaries(case["request"]), names)
    exchanges = named(case.get("services", []), names)
    bare = without_secrets(request)
    for server, asking in ((quiet, request), (talking, request),
                           (talking, bare)):
        stub.play(exchanges, by_order=True)
        ask(server, asking, "as listed")
        for words in sent(stub) or ["no"] if is_first else ():
            for what, reply in {**FAILURES, **FOUND}.items():
                stub.play([], instead=reply(words))
                ask(server, asking, f"{what}, {words}", what in FOUND)
    if is_first:
        ask(cut_off, request, "unreachable")


def test_no_secret_of_a_url_comes_out(stub, talking):
    request = {"module": "hashlookup", "attribute": {
        "type": "md5", "value": "5" * 32, "uuid": str(uuid.uuid4())}}
    stub.play([], instead={"status": 404})
    ask(talking, request, "not found")
    said = sent(stub)
    assert len(said) == 2, said
    for words in said:
        for what, reply in FAILURES.items():
            stub.play([], instead=reply(words))
            ask(talking, request, f"{what}, {words}")
    request = {"module": "macvendors", "mac-address": "00:11:22:33:44:55"}
    ask(talking, request, "no proxy")


def test_secrets_are_looked_for():
    config = {"api_KEY": "k", "limit": "3", "token": None, "user": "u",
              "passwords": "true", "user-agent": "MISP"}
    request = {"module": "m", "config": config}
    assert with_canaries(request)["config"] == {
        **config, "api_KEY": KEY, "user": USER}
    assert "user" not in without_secrets(request)["config"]
    credentials = [base64.b64encode(f"{user}:{KEY}".encode()).decode()
                   for user in ("", "a", "bc")]
    for text in (CANARY, KEY, json.dumps(KEY), *credentials):
        with pytest.raises(AssertionError):
            assert_unseen(f"before {text} behind", "here")
