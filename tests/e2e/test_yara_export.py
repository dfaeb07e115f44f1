"""yara_export: that a scanner takes the file as a whole."""

import base64
import contextlib
import json
import time

import pytest

from golden import GOLDEN, prepared
from server import Server


@pytest.fixture(scope="module")
def export():
    """The rules of an export, and what YARA says of them."""
    with contextlib.closing(Server(workers=1, timeout=30,
                                   max_request=64 << 20)) as server:
        def make(request):
            answer = server.query(request)[1]
            text = base64.b64decode(answer["data"]).decode()
            verdict = server.query({"module": "yara_syntax_validator",
                                    "yara": text + "\n"})[1]
            return text, verdict["results"][0]["values"]

        yield make


@pytest.mark.parametrize("path", [
    path for path in sorted((GOLDEN / "yara_export").glob("*.json"))
    if "data" in json.loads(path.read_text())["request"]],
    ids=lambda path: path.stem)
def test_golden_files_compile(export, path):
    text, verdict = export(prepared(json.loads(path.read_text())["request"],
                                    {}))
    assert verdict == ["Syntax valid"]


def test_more_strings_than_a_rule_has(export):
    attributes = [{"type": "domain", "to_ids": True,
                   "value": f"d{number}.example"} for number in range(25000)]
    attributes += [{"type": "yara", "value": "rule same { condition: true }"}
                   for _ in range(300)]
    text, verdict = export({"module": "yara_export", "data": [
        {"Event": {"id": "3", "info": "big"}, "Attribute": attributes}]})
    assert verdict == ["Syntax valid"]
    assert text.count("\nrule MISP_e3_big {") == 1
    assert text.count("any of them") == 3
    assert text.count("condition: true") == 300


def test_wildcards_that_name_no_rule(export):
    """Each name before a '*' is looked for among all the rules."""
    rules = " ".join(f"rule a{i} {{ condition: true }}" for i in range(20000))
    products = " + ".join(["b*2"] * 50000)
    begin = time.monotonic()
    text, _ = export({"module": "yara_export", "data": [
        {"Event": {"id": "3", "info": "i"}, "Attribute": [
            {"type": "yara", "value": f"{rules} rule z {{ condition: "
                                      f"{products} > 1 }}"}]}]})
    assert "Left out" in text
    assert time.monotonic() - begin < 3
