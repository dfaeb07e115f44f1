"""The modules' answers, as data: golden.py says in what form."""

import json

import pytest
import requests

from golden import CASES, GOLDEN, case_id, named, prepared, read_case, same


@pytest.mark.parametrize("path", CASES, ids=case_id)
def test_golden(path, request, stub, names):
    case = read_case(path)
    assert case["request"]["module"] == path.parent.name
    server = request.getfixturevalue(
        "cut_off_server" if case.get("unreachable") else "server")
    stub.play(named(case.get("services", []), names))
    status, answer = server.query(prepared(case["request"], names))
    # What services were asked often tells why the answer is another.
    problems = stub.problems()
    print(json.dumps(answer, indent=2, ensure_ascii=False))
    assert not problems
    assert status == 200
    same(named(case["response"], names), answer, [], {})


def test_no_answer_violates_the_contract(server, cut_off_server):
    """Of the cases above, whose servers these are; mispjson passes on what it
    was given."""
    assert [line for instance in (server, cut_off_server)
            for line in instance.log
            if "event=violation" in line
            and "module=mispjson" not in line] == []


def test_every_module_has_cases():
    modules = {path.parent.name for path in CASES}
    sources = GOLDEN.parents[1].glob("modules/*/*.c")
    expected = {path.stem for path in sources
                if path.parent.name not in ("sdk", "shared", "skeleton")}
    assert modules == expected


# ---- What the stub says of those that ask otherwise ----

ASKED = {"request": "POST https://stub.example.test/a%20b?c=%2F",
         "headers": {"X-Key": "k", "X-None": None}, "body": {"d": 1}}


def ask(stub, path="/a%20b?c=%2F", headers=(("X-Key", "k"),), **options):
    options = options or {"json": {"d": 1}}
    return requests.post(
        f"https://127.0.0.1:{stub.tls_port}{path}", timeout=10,
        headers={"Host": "stub.example.test", **dict(headers)},
        verify=stub.ca_file, **options)


def test_stub_answers_what_is_listed(stub):
    stub.play([{**ASKED, "reply": {"e": 2}},
               {**ASKED, "status": 429, "reply_text": "slowly",
                "reply_headers": {"Retry-After": "37"}},
               {**ASKED, "status": 444},
               {**ASKED, "optional": True}])
    assert ask(stub).json() == {"e": 2}
    second = ask(stub)
    assert (second.status_code, second.text) == (429, "slowly")
    assert second.headers["Retry-After"] == "37"
    with pytest.raises(requests.ConnectionError):
        ask(stub)
    assert stub.problems() == []


@pytest.mark.parametrize("options, problem", [
    ({"path": "/a%20b?c=/"}, "c=/ is not listed"),
    ({"headers": ()}, "the header X-Key is None, not 'k'"),
    ({"headers": (("X-Key", "k"), ("X-None", "n"))}, "X-None is 'n', not"),
    ({"json": {"d": True}}, 'the body is {"d": true}, not {"d": 1}'),
    ({"data": {"d": 1}}, '{"<form>": {"d": "1"}}'),
    ({"data": {"d": 1}, "files": {"f": ("n", b"\xff\r\n--")}},
     '{"<multipart>": {"d": "1", "f": {"base64": "/w0KLS0=", "filename": '
     '"n"}}}'),
    ({"data": b""}, "the body is null, not"),
])
def test_stub_notices(stub, options, problem):
    stub.play([ASKED])
    ask(stub, **options)
    assert problem in stub.problems()[0]


def test_stub_notices_what_is_missing_or_too_much(stub):
    stub.play([ASKED, ASKED])
    ask(stub)
    assert stub.problems() == [ASKED["request"] + " was not asked for"]
    ask(stub)
    assert stub.problems() == []
    assert ask(stub).status_code == 599
    assert "not listed (any more)" in stub.problems()[0]
