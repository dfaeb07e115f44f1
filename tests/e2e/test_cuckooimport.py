"""Archives made to keep cuckooimport busy, and how much it takes of those
that are only large."""

import base64
import bz2
import io
import json
import tarfile
import zipfile

import pytest

MIB = 1 << 20
SECONDS = 40
CUT = "Not all of the analysis is here: it is too large"


def tar_member(name, size, content=b""):
    info = tarfile.TarInfo(name)
    info.size = size
    return info.tobuf() + content + bytes(-len(content) % 512)


def zipped(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def report(**parts):
    return json.dumps(parts).encode()


@pytest.fixture(scope="module")
def patient(make_server):
    """A server with 512 MB for a cage; machines that test are slow."""
    with make_server(workers=1, timeout=SECONDS) as instance:
        yield instance


def imported(server, archive):
    status, answer = server.query(
        {"module": "cuckooimport", "event_id": 3, "config": {},
         "data": base64.b64encode(archive).decode()})
    assert status == 200
    return answer


def objects(answer, name):
    return [found for found in answer["results"]["Object"]
            if found["name"] == name]


def test_two_gigabytes_announced(patient):
    archive = bz2.compress(tar_member("memory.dmp", 2 << 30))
    assert imported(patient, archive)["error"] == \
        "The archive unpacks to more than 1073741824 bytes"


def test_gigabytes_of_zeros(patient):
    """Each of 200 files has 10 MiB; all together take 20 kB."""
    piece = bz2.compress(tar_member("f", 10 * MIB) + bytes(10 * MIB))
    assert imported(patient, 200 * piece)["error"] == \
        "The archive unpacks to more than 1073741824 bytes"


def test_report_that_unpacks_to_too_much(patient):
    archive = zipped({"reports/report.json": b" " * (129 * MIB)})
    assert imported(patient, archive)["error"] == \
        "The report has more than 134217728 bytes"


def test_too_many_files(patient):
    names = {f"{number}": b"" for number in range(65600)}
    assert imported(patient, zipped(names))["error"] == \
        "There are more than 65536 files in the archive"


def test_file_that_is_too_large(patient):
    """It is not unpacked; what the report says of it stays."""
    archive = zipped({"files/large": bytes(70 * MIB), "files/a": b"a",
                      "reports/report.json": report(dropped=[
                          {"path": "files/large", "name": "large",
                           "size": 70 * MIB, "md5": "0" * 32},
                          {"path": "files/a", "name": "small"}])})
    large, small = objects(imported(patient, archive), "file")
    assert large["comment"] == "Dropped file; " + CUT
    assert [(a["object_relation"], a["value"]) for a in large["Attribute"]] \
        == [("filename", "large"), ("size-in-bytes", str(70 * MIB)),
            ("md5", "0" * 32)]
    assert "malware-sample" in [a["object_relation"]
                                for a in small["Attribute"]]


@pytest.mark.parametrize("host,relation,value", [
    ("a.example.com", "host", "a.example.com"),
    ("a.example.com:8080", "host", "a.example.com"),
    ("192.0.2.1", "ip-dst", "192.0.2.1"),
    ("192.0.2.1:8080", "ip-dst", "192.0.2.1"),
    ("2001:db8::1", "ip-dst", "2001:db8::1"),
    ("[2001:db8::1]:8080", "ip-dst", "2001:db8::1"),
    ("[2001:db8::1", "ip-dst", "2001:db8::1"),
])
def test_hosts_of_requests(patient, host, relation, value):
    """MISP refuses names with ports, and addresses as names."""
    archive = zipped({"reports/report.json": report(
        network={"http": [{"host": host}]})})
    found, = objects(imported(patient, archive), "http-request")
    attribute, = found["Attribute"]
    assert (attribute["object_relation"], attribute["value"]) == (
        relation, value)


def test_line_breaks_in_names(patient):
    """MISP refuses them."""
    archive = zipped({"binary": b"x", "reports/report.json": report(
        target={"category": "file", "file": {"name": "a\nb"}},
        dropped=[{"name": "c\r\nd", "path": "/x"}])})
    names = [attribute["value"]
             for found in objects(imported(patient, archive), "file")
             for attribute in found["Attribute"]
             if attribute["object_relation"] in ("filename", "malware-sample")]
    assert names == ["a_b", "a_b|9dd4e461268c8034f5c8564e155c67a6", "c__d"]


def test_too_many_objects(patient):
    archive = zipped({"reports/report.json": report(network={
        "dns": [{"request": f"{number}.example.com", "type": "A"}
                for number in range(20000)]})})
    found = objects(imported(patient, archive), "dns-record")
    assert len(found) == 5000
    assert found[0]["comment"] == CUT
    assert "comment" not in found[1]


def test_the_same_connection_again_and_again(patient):
    archive = zipped({"reports/report.json": report(network={
        "tcp": [{"src": "192.0.2.1", "dst": "192.0.2.2", "time": number % 7}
                for number in range(40000)]})})
    assert len(objects(imported(patient, archive), "network-connection")) == 1


@pytest.mark.parametrize("depth", [200, 100000])
def test_processes_in_processes(patient, depth):
    tree = b'{"pid": 1, "children": [' * depth + b"]}" * depth
    answer = imported(patient, zipped({
        "reports/report.json":
            b'{"behavior": {"processtree": [' + tree + b"]}}"}))
    if depth == 200:
        assert len(objects(answer, "process")) == depth
    else:
        assert "nested" in answer["error"]


def test_marks_in_great_number(patient):
    """The text of a signature ends where a text in MISP does."""
    marks = [{"type": "ioc", "ioc": f"{number} " + "x" * 1000}
             for number in range(5000)]
    archive = zipped({"reports/report.json": report(
        signatures=[{"description": "d", "marks": marks}])})
    found, = objects(imported(patient, archive), "sb-signature")
    assert found["comment"] == CUT
    text = found["Attribute"][1]["value"]
    assert 60000 < len(text) <= 65535


def test_calls_are_not_kept(patient):
    """They are most of a report: here of 60 MB, in 512 MB of memory."""
    call = json.dumps({"api": "NtClose", "arguments": {
        f"a{number}": 1 for number in range(20)}})
    content = ('{"behavior": {"processes": [{"calls": ['
               + ",".join([call] * 300000)
               + ']}]}, "info": {"score": 1.5}}').encode()
    answer = imported(patient, zipped({"reports/report.json": content}))
    assert objects(answer, "sandbox-report")
