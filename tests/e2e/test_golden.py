"""The modules' answers, as data: golden/<module>/<case>.json holds a request
and the exact answer, and may say why it is what it is.

In a request "<nameserver>", "<silent nameserver>" and "<half nameserver>"
stand for the test's name servers. In an answer "<uuid>" stands for any version
4 uuid, and "<uuid:1>" for one that is the same wherever it stands. In both
{"<base64>": content} stands for base64: of a text, of a list of lines, or else
of JSON.
"""

import base64
import json
import pathlib
import re
import uuid

import pytest

from nameserver import half_nameserver, silent_nameserver  # noqa: F401

GOLDEN = pathlib.Path(__file__).resolve().parents[1] / "golden"
CASES = sorted(GOLDEN.glob("*/*.json"))


def encode(text):
    return base64.b64encode(text.encode()).decode()


def prepared(value, names):
    """The request as it is sent."""
    if isinstance(value, dict):
        if list(value) == ["<base64>"]:
            return encode(text_of(value))
        return {key: prepared(item, names) for key, item in value.items()}
    if isinstance(value, list):
        return [prepared(item, names) for item in value]
    return names.get(value, value) if isinstance(value, str) else value


def text_of(value):
    """What stands below "<base64>": text, its lines, or JSON."""
    content = value["<base64>"]
    if isinstance(content, str):
        return content
    if all(isinstance(line, str) for line in content):
        return "".join(line + "\n" for line in content)
    return json.dumps(content)


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


def case_id(path):
    return f"{path.parent.name}/{path.stem}"


@pytest.mark.parametrize("path", CASES, ids=case_id)
def test_golden(path, server, nameserver,
                silent_nameserver, half_nameserver):  # noqa: F811
    case = json.loads(path.read_text())
    assert set(case) <= {"why", "request", "response"}
    assert case["request"]["module"] == path.parent.name
    names = {"<nameserver>": nameserver,
             "<silent nameserver>": silent_nameserver,
             "<half nameserver>": half_nameserver}
    status, answer = server.query(prepared(case["request"], names))
    assert status == 200
    same(case["response"], answer, [], {})


def test_every_module_has_cases():
    modules = {path.parent.name for path in CASES}
    sources = GOLDEN.parents[1].glob("modules/*/*.c")
    expected = {path.stem for path in sources
                if path.parent.name not in ("sdk", "skeleton")}
    assert modules == expected
