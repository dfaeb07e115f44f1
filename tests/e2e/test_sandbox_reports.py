"""Hostile reports of sandboxes: far too long, too deep, of wrong types, bombs:
a clear answer of a size that MISP can take, in good time and little memory."""

import base64
import copy
import io
import json
import random
import time
import zipfile

import pytest

from golden import FILES, GOLDEN
from server import SANITIZED

COUNT = 100_000 if SANITIZED else 1_000_000
PLACES = 4 if SANITIZED else 12
MIB = 1 << 20


def joe(**parts):
    return json.dumps({"analysis": {
        "generalinfo": {"target": {"sample": "a.exe"}, "arch": "WINDOWS"},
        "fileinfo": {"filename": "a.exe"}, **parts}})


def joe_process(**acts):
    return joe(behavior={"system": {"processes": {"process": [
        {"general": {"targetid": 1, "path": "C:\\a.exe", "name": "a.exe"},
         **acts}]}}})


def analysis(**process):
    return json.dumps({"analysis": {"processes": {"process": [process]}}})


def vmray_1(**parts):
    return json.dumps({"analysis_details": {}, "artifacts": {}, **parts})


def reference(*path):
    return {"_type": "reference", "source": "logs/summary_v2.json",
            "path": list(path)}


def vmray_2(**parts):
    return json.dumps({"analysis_metadata": {}, "artifacts": {}, **parts})


def many(make, count=COUNT):
    return [make(i) for i in range(count)]


# What is sent to which module, and what its answer has in it. Each is made when
# its test runs.
LONG = {
    "joe: files touched": ("joe_import", "Only the first", lambda: joe_process(
        fileactivities={"fileCreated": {
            "call": many(lambda i: {"path": f"{i}"})}})),
    "joe: one file touched": ("joe_import", "creates", lambda: joe_process(
        fileactivities={"fileCreated": {"call": [{"path": "a"}] * COUNT}})),
    "joe: values set": ("joe_import", "Only the first", lambda: joe_process(
        registryactivities={"keyValueCreated": {
            "call": many(lambda i: {"path": f"{i}"})}})),
    "joe: processes": ("joe_import", "Only the first", lambda: joe(
        behavior={"system": {"processes": {
            "process": many(lambda i: {"general": {"pid": i}})}}})),
    "joe: packets": ("joe_import", "Only the first", lambda: joe(
        behavior={"network": {"tcp": {
            "packet": many(lambda i: {"srcport": i})}}})),
    "joe: domains": ("joe_import", "Only the first", lambda: joe(
        domaininfo={"domain": many(lambda i: {"@name": f"d{i}"})})),
    "joe: files dropped": ("joe_import", "Only the first", lambda: joe(
        droppedinfo={"hash": many(lambda i: {"@file": f"{i}"})})),
    "joe: hashes of a file": ("joe_import", "Only the first", lambda: joe(
        droppedinfo={"hash": [{"@file": "a", "value": many(
            lambda i: {"@algo": "MD5", "$": f"{i}"})}]})),
    "joe: sections": ("joe_import", "Only the first", lambda: joe(
        fileinfo={"filename": "a", "pe": {"sections": {
            "section": many(lambda i: {"name": f"{i}"})}}})),
    "joe: techniques": ("joe_import", "Only the first", lambda: joe(
        mitreattack={"tactic": [{"technique": many(
            lambda i: {"name": "a", "id": f"{i}"})}]})),
    "threatanalyzer: processes": (
        "threatanalyzer_import", '"results":[]', lambda: json.dumps(
            {"analysis": {"processes": {"process": many(lambda _: {})}}})),
    "threatanalyzer: values": (
        "threatanalyzer_import", "Only the first", lambda: analysis(
            registry_section={"set_value": many(
                lambda i: {"@key_name": f"{i}"})})),
    "threatanalyzer: headers": (
        "threatanalyzer_import", "Only the first", lambda: analysis(
            connection_section={"connection": {"http_header": many(
                lambda i: {"@header": f"Host: h{i}"})}})),
    "threatanalyzer: almost noise": (
        "threatanalyzer_import", "regkey", lambda: analysis(
            registry_section={"set_value": [{
                "@key_name": "\\Software\\Microsoft\\Office\\x" * COUNT,
                "@data": "(UNICODE_0x0000000" * COUNT}]})),
    "vmray: identifiers": (
        "vmray_summary_json_import", "Only the beginning", lambda: vmray_1(
            vti={"vti_rule_matches": many(
                lambda i: {"operation_desc": f"{i}"})})),
    "vmray: techniques": (
        "vmray_summary_json_import", "Only the beginning", lambda: vmray_1(
            mitre_attack={"techniques": many(
                lambda i: {"id": f"{i}", "description": "a"})})),
    "vmray: artifacts": (
        "vmray_summary_json_import", "Only the beginning", lambda: vmray_1(
            artifacts={"ips": many(
                lambda i: {"ioc": True, "ip_address": f"{i}"})})),
    "vmray: no IOCs": (
        "vmray_summary_json_import", "VMRay Platform", lambda: vmray_1(
            artifacts={"ips": many(lambda i: {"ip_address": f"{i}"})})),
    "vmray: names by hashes": (
        "vmray_summary_json_import", "Only the beginning", lambda: vmray_1(
            artifacts={"files": [{
                "ioc": True, "filename": "a",
                "filenames": many(lambda i: f"{i}"),
                "hashes": many(lambda i: {"sha256_hash": f"{i}"},
                               10000)}]})),
    "vmray: a long name by hashes": (
        "vmray_summary_json_import", "Only the beginning", lambda: vmray_1(
            artifacts={"files": [{
                "ioc": True, "filename": "a" * (20 * MIB),
                "hashes": many(lambda i: {"sha256_hash": f"{i}"},
                               10000)}]})),
    "vmray: long comments": (
        "vmray_summary_json_import", "…", lambda: vmray_1(
            artifacts={"files": [{
                "ioc": True, "filename": "a",
                "filenames": many(lambda i: f"{i}", 9000),
                "operations": ["x" * 500] * 10 + ["y" * MIB] * 20,
                "hashes": [{"sha256_hash": "a"}]}]})),
    "vmray: references to one": (
        "vmray_summary_json_import", "Only the beginning", lambda: vmray_2(
            domains={"d": {"is_ioc": True, "domain": "d",
                           "ref_ip_addresses": [
                               reference("ips", "i")] * 110_000}},
            ips={"i": {"ip_address": "192.0.2.1"}},
            artifacts={"ref_domains": [reference("domains", "d")]
                       * 110_000})),
    "vmray: references in a circle": (
        "vmray_summary_json_import", "VMRay Platform", lambda: vmray_2(
            artifacts={"ref_domains": [reference("artifacts")] * 100_000})),
}


def post(server, module, data):
    # As text and not through json=: the client shall not be what takes time.
    return server.query(
        b'{"module":"%s","event_id":3,"filename":"report","config":'
        b'{"Mitre Att&ck":"1","Import Executable":"1"},"data":"%s"}'
        % (module.encode(), base64.b64encode(data)))


@pytest.fixture(scope="module")
def small_server(make_server):
    """A gigabyte for a query, where two are usual."""
    with make_server(workers=1, timeout=60,
                     max_memory=1024 * MIB) as instance:
        yield instance


@pytest.mark.parametrize("name", LONG)
def test_a_report_that_is_too_long(small_server, name):
    if SANITIZED and name == "threatanalyzer: almost noise":
        pytest.skip("takes more than half a minute under the sanitizer")
    module, expected, make = LONG[name]
    body = make().encode()
    began = time.monotonic()
    status, answer = post(small_server, module, body)
    took = time.monotonic() - began
    assert status == 200
    text = json.dumps(answer, separators=(",", ":"), ensure_ascii=False)
    assert "error" not in answer, text[:1000]
    assert expected in text
    assert len(text) < 64 * MIB
    assert took < 30  # seconds; quadratic work would be hours


@pytest.mark.parametrize("module", ["joe_import", "threatanalyzer_import",
                                    "vmray_summary_json_import"])
@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_a_report_that_is_too_deep(small_server, module, opening):
    status, answer = post(small_server, module,
                          opening.encode() * 1_000_000)
    assert status == 200
    assert "JSON" in answer["error"] or "json" in answer["error"]


# ---- Wrong types ----

WRONG = [None, True, 0, -1, 1.5, 10 ** 30, "", "x", "\u2028", [], {}, [[]],
         [None], {"": None}, {"@targetid": 1}, ["a", {"path": ["artifacts"]}]]


def reports_of(module):
    """Those of the golden cases, as Python has JSON."""
    for path in sorted((GOLDEN / module).glob("*.json")):
        data = json.loads(path.read_text())["request"].get("data")
        content = data.get("<base64>") if isinstance(data, dict) else None
        if isinstance(content, dict):
            yield content


def places(json_value, path=()):
    yield path
    items = (json_value.items() if isinstance(json_value, dict)
             else enumerate(json_value) if isinstance(json_value, list)
             else ())
    for key, value in items:
        yield from places(value, path + (key,))


def put(report, path, value):
    changed = copy.deepcopy(report)
    at = changed
    if not path:
        return value
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    return changed


@pytest.mark.parametrize("module", ["joe_import", "threatanalyzer_import",
                                    "vmray_summary_json_import"])
def test_wrong_types(server, module):
    """At places in reports that are good otherwise, always the same ones."""
    dice = random.Random(module)
    for report in reports_of(module):
        everywhere = list(places(report))
        for path in dice.sample(everywhere, min(PLACES, len(everywhere))):
            changed = put(report, path, dice.choice(WRONG))
            status, answer = post(server, module,
                                  json.dumps(changed).encode())
            assert status == 200
            assert "results" in answer, (path, answer)
            assert "made the parser fail" not in answer.get("error", "")
    assert not [line for line in server.log
                if "event=violation" in line and module in line]


# ---- Archives ----

def archive(entries):
    """Of names and contents; what is a list is written piece by piece."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in entries:
            with made.open(name, "w") as entry:
                for piece in content:
                    entry.write(piece)
    return out.getvalue()


def zeros(size):
    return [bytes(MIB)] * (size // MIB)


FOLDER = "Analysis/proc_1/modified_files/"
MAPPING = (FOLDER + "mapping.log", [b"C:\\a|1|00|2024\n"])
ANALYSIS = ("Analysis/analysis.json", [b'{"analysis":{"@filename":"a"}}'])
BOMBS = {
    "sample": [ANALYSIS, ("sample", zeros(1024 * MIB))],
    "modified file": [MAPPING, ANALYSIS, (FOLDER + "00.bin",
                                          zeros(128 * MIB))],
    "modified files": [MAPPING, ANALYSIS] + [
        (f"{FOLDER}{i}/00.bin", zeros(20 * MIB)) for i in range(10)],
    "mapping": [(MAPPING[0], zeros(128 * MIB)), ANALYSIS],
    "analysis": [("Analysis/analysis.json", zeros(128 * MIB))],
}


@pytest.mark.parametrize("name", BOMBS)
def test_an_archive_that_unpacks_to_too_much(small_server, name):
    bomb = archive(BOMBS[name])
    began = time.monotonic()
    status, answer = post(small_server, "threatanalyzer_import", bomb)
    assert status == 200
    assert answer["error"] == ("The archive unpacks to more than 67108864 "
                               "bytes.")
    assert time.monotonic() - began < 10


def test_an_archive_that_lies_about_sizes(small_server):
    """The directory says 10 bytes, the file goes on for 100 MiB."""
    bomb = bytearray(archive([ANALYSIS, ("sample", zeros(100 * MIB))]))
    entry = bomb.rindex(b"PK\x01\x02")
    bomb[entry + 24:entry + 28] = (10).to_bytes(4, "little")
    status, answer = post(small_server, "threatanalyzer_import", bytes(bomb))
    assert status == 200
    assert "error" in answer or len(json.dumps(answer)) < 10000


def test_an_archive_of_too_many_files(small_server):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for i in range(100_001):
            made.writestr(f"{i}", b"")
    status, answer = post(small_server, "threatanalyzer_import",
                          out.getvalue())
    assert status == 200
    assert answer["error"] == "The archive has more than 100000 files."


def test_a_mapping_of_many_lines(small_server):
    lines = [b"".join(b"C:\\%d|1|%d|2024\n" % (i, i)
                      for i in range(j, j + 100_000))
             for j in range(0, 2_000_000, 100_000)]
    status, answer = post(small_server, "threatanalyzer_import", archive(
        [(MAPPING[0], lines), ANALYSIS, (FOLDER + "7.bin", [b"x"])]))
    assert status == 200
    assert [row["values"] for row in answer["results"]] == ["C:\\7"]


def test_an_archive_that_is_damaged(server):
    """Every fourth byte of it is wrong once; fewer for the sanitizers."""
    good = (FILES / "threatanalyzer_import" / "archive.zip").read_bytes()
    for i in range(0, len(good), 40 if SANITIZED else 4):
        damaged = bytearray(good)
        damaged[i] ^= 0xff
        status, answer = post(server, "threatanalyzer_import",
                              bytes(damaged))
        assert status == 200
        assert "made the parser fail" not in answer.get("error", ""), i
