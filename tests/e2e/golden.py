"""The golden cases, golden/<module>/<case>.json: a request, what services are
asked and reply, and the exact answer.

    {"why": "what is special about it; may be left out",
     "request": {"module": "hashlookup", …},
     "services": [exchange, …],
     "unreachable": true,
     "response": {"results": …}}

An exchange is what a service is asked over HTTP, and what it replies:

    {"request": "GET https://hashlookup.circl.lu/lookup/md5/abc?x=y",
     "headers": {"x-apikey": "k", "x-other": null},
     "body": …,
     "status": 200,
     "reply": {…},
     "reply_headers": {"Retry-After": "37"},
     "optional": true}

request is the method and the whole URL as it is sent, percent signs and all.
Exchanges with the same one are used in turn, each of them once. The headers
listed must be sent with that value (null: must not be sent). The body must be
the one listed, and none if none is: JSON (sent as JSON), a string, or
{"<form>": {name: value}}, or {"<multipart>": {name: value}} where the value
of a file is {"filename": "a.txt", "base64": "…"}; a field that is sent twice
has a list as its value. The reply is one of

    "reply": JSON               "reply_lines": [JSON, …] (one a line)
    "reply_text": "raw text"    "reply_base64": "…"

and none of them an empty one. Its Content-Type fits it, unless reply_headers
has another. Status 444 closes the connection without an answer. What is asked
and not listed, and what is listed and not asked (unless it is "optional"),
fails the case. With "unreachable" every connection over HTTP is refused, and
the name server that settings do not name is silent.

In all strings, on both sides, these stand for what the test has there:

    <nameserver> <silent nameserver> <half nameserver>
    <redis host> <redis port>     <whois host> <whois port>
    <silent host> <silent port>   accepts connections and says nothing
    <closed host> <closed port>   refuses them
    <mmdb asn> <mmdb city> <mmdb country> <mmdb rubbish>   paths of files
    <folder>    one that can be written to
    <tls host> <tls port>   a TLS server; tls.example.test has a good
                certificate there, which expires in <tls days> days;
                soon.example.test one that expires <soon end>, in 9 days;
                expired., untrusted. and other.example.test have bad ones
    <local SECONDS>   that time, of seconds since 1970, in the time zone of
                this machine, as syslog writes it: "Nov 14 22:13:20"

In an answer "<uuid>" stands for any version 4 uuid, and "<uuid:1>" for one
that is the same wherever it stands. In request and answer {"<base64>":
content} stands for base64: of a text, of a list of lines, or else of JSON;
{"<file>": path} for that of a file in tests/files, or, if the path is absolute,
of one that a Debian package brings. In an answer {"<sample>": content} stands
for a malware sample, a ZIP archive encrypted with "infected", of such content:
text, lines, {"<file>": path} or {"base64": "…"}.
"""

import base64
import hashlib
import io
import json
import pathlib
import re
import time
import uuid
import zipfile

GOLDEN = pathlib.Path(__file__).resolve().parents[1] / "golden"
FILES = GOLDEN.parent / "files"
CASES = sorted(GOLDEN.glob("*/*.json"))
CASE = {"why", "request", "services", "unreachable", "response"}


def case_id(path):
    return f"{path.parent.name}/{path.stem}"


def read_case(path):
    case = json.loads(path.read_text())
    assert set(case) <= CASE
    return case


def urls_of(case):
    return [exchange["request"].split(" ", 1)[1]
            for exchange in case.get("services", [])]


def all_urls():
    """Those of all cases; what cannot be read fails in its own test."""
    urls = []
    for path in CASES:
        try:
            urls += urls_of(read_case(path))
        except (ValueError, AssertionError, AttributeError, LookupError,
                TypeError):
            continue
    return urls


def encode(text):
    return base64.b64encode(text.encode()).decode()


def file_bytes(value):
    """What stands below "<file>"; an absolute path stays one."""
    return (FILES / value["<file>"]).read_bytes()


def local_time(found):
    """That of a match of its seconds; no locale has a say in strftime here."""
    return time.strftime("%b %d %H:%M:%S", time.localtime(int(found[1])))


def named(value, names):
    """The value with what the names stand for, in all of its strings."""
    if isinstance(value, dict):
        return {named(key, names): named(item, names)
                for key, item in value.items()}
    if isinstance(value, list):
        return [named(item, names) for item in value]
    if isinstance(value, str) and "<" in value:
        for name, meaning in names.items():
            value = value.replace(name, meaning)
        value = re.sub(r"<local (-?\d+)>", local_time, value)
    return value


def prepared(value, names):
    """The request as it is sent."""
    if isinstance(value, dict):
        if list(value) == ["<base64>"]:
            return encode(text_of(named(value, names)))
        if list(value) == ["<file>"]:
            return base64.b64encode(file_bytes(value)).decode()
        return {key: prepared(item, names) for key, item in value.items()}
    if isinstance(value, list):
        return [prepared(item, names) for item in value]
    return named(value, names)


def text_of(value):
    """What stands below "<base64>": text, its lines, or JSON."""
    content = value["<base64>"]
    if isinstance(content, str):
        return content
    if isinstance(content, list) and all(isinstance(line, str)
                                         for line in content):
        return "".join(line + "\n" for line in content)
    return json.dumps(content)


def sample_bytes(data):
    """The file in a malware sample: it is named by its MD5."""
    with zipfile.ZipFile(io.BytesIO(base64.b64decode(data))) as archive:
        archive.setpassword(b"infected")
        content = archive.read(archive.namelist()[0])
        assert archive.namelist()[0] == hashlib.md5(content).hexdigest()
        return content


def content_bytes(value):
    """What stands below "<sample>"."""
    if isinstance(value, dict) and list(value) == ["<file>"]:
        return file_bytes(value)
    if isinstance(value, dict):
        return base64.b64decode(value["base64"])
    return text_of({"<base64>": value}).encode()


def is_uuid4(text):
    try:
        parsed = uuid.UUID(text)
    except (AttributeError, TypeError, ValueError):
        return False
    return str(parsed) == text and parsed.version == 4


def same(expected, actual, path, uuids):
    """Fails with the path to the first difference."""
    where = "/".join(map(str, path)) or "the answer"
    if isinstance(expected, dict) and list(expected) == ["<base64>"]:
        assert base64.b64decode(actual).decode() == text_of(expected), where
    elif isinstance(expected, dict) and list(expected) == ["<file>"]:
        assert base64.b64decode(actual) == file_bytes(expected), where
    elif isinstance(expected, dict) and list(expected) == ["<sample>"]:
        assert sample_bytes(actual) == content_bytes(expected["<sample>"]), \
            where
    elif isinstance(expected, dict):
        assert isinstance(actual, dict), where
        assert sorted(expected) == sorted(actual), where
        for key in expected:
            same(expected[key], actual[key], path + [key], uuids)
    elif isinstance(expected, list):
        assert isinstance(actual, list), where
        assert len(expected) == len(actual), where
        for index, item in enumerate(expected):
            same(item, actual[index], path + [index], uuids)
    elif isinstance(expected, str) and re.fullmatch(r"<uuid(:\d+)?>",
                                                    expected):
        assert is_uuid4(actual), where
        if expected != "<uuid>":
            assert uuids.setdefault(expected, actual) == actual, where
    else:
        # 1 and True are equal to Python, but not to MISP.
        assert type(expected) is type(actual), where
        assert expected == actual, where
