"""Exports whose file is judged by what it does: a script, and the time of
this machine."""

import base64
import json
import subprocess

import pytest

from server import SANITIZED

CISCO = "cisco_firesight_manager_ACL_rule_export"

# Notes its arguments, and sends what the Firesight Manager would.
CURL = """#!/bin/sh
printf '%s\\0' "$@" >> {log}
echo END >> {log}
printf 'HTTP/1.1 204\\r\\nX-auth-access-token: a-token\\r\\n\\r\\n'
"""

# Each would run something, or end a string, where it is not escaped.
HOSTILE = ["'$(touch {mark})'", "`touch {mark}`", "';touch {mark};'",
           '"$(touch {mark})"', "\\", "\\'", "'\\''", "$HOME", "a\nb", "é💩",
           "\\\\n\\c", "%s%d", "-n", "`", "a'b\"c"]


def exported(server, module, config, *attributes, info="An event"):
    status, answer = server.query({
        "module": module, "config": config,
        "data": [{"Event": {"id": "3", "info": info},
                  "Attribute": list(attributes)}]})
    assert status == 200
    return base64.b64decode(answer["data"]).decode()


def run_script(script, shell, directory):
    """The arguments of each curl that the script runs."""
    log = directory / "log"
    log.unlink(missing_ok=True)
    curl = directory / "curl"
    curl.write_text(CURL.format(log=log))
    curl.chmod(0o755)
    subprocess.run([shell, "-c", script], check=True, timeout=10,
                   capture_output=True,
                   env={"PATH": f"{directory}:/usr/bin:/bin",
                        "HOME": "/nonexistent"})
    calls = log.read_bytes().decode().split("END\n")[:-1]
    return [call.split("\0")[:-1] for call in calls]


@pytest.mark.parametrize("shell", ["dash", "bash"])
@pytest.mark.parametrize("index", range(len(HOSTILE)))
def test_script_sends_what_it_was_given(server, tmp_path, shell, index):
    mark = tmp_path / "mark"
    text = HOSTILE[index].format(mark=mark)
    script = exported(
        server, CISCO,
        {"fmc_ip_addr": text, "fmc_login": text, "fmc_pass": text,
         "domain_id": text, "acpolicy_id": text},
        {"type": "ip-dst", "value": text, "to_ids": True},
        {"type": "url", "value": text, "to_ids": True}, info=text)
    calls = run_script(script, shell, tmp_path)
    assert not mark.exists()
    assert len(calls) == 2
    login = base64.b64encode(f"{text}:{text}".encode()).decode()
    for call in calls:
        assert f"Authorization: Basic {login}" in call
    assert f"https://{text}/api/fmc_platform/v1/auth/generatetoken" in calls[0]
    assert "X-auth-access-token: a-token" in calls[1]
    assert (f"https://{text}/api/fmc_config/v1/domain/{text}/policy/"
            f"accesspolicies/{text}/accessrules") in calls[1]
    rule = json.loads(calls[1][-1])
    assert rule["newComments"] == [text]
    assert rule["destinationNetworks"]["literals"] == [
        {"type": "Host", "value": text}]
    assert len(rule["urls"]["literals"]) == 1


def test_script_keeps_a_long_password_in_one_line(server, tmp_path):
    password = "p" * 200
    script = exported(
        server, CISCO, {"fmc_pass": password},
        {"type": "ip-dst", "value": "198.51.100.1", "to_ids": True})
    login = base64.b64encode(f"login:{password}".encode()).decode()
    for call in run_script(script, "dash", tmp_path):
        assert f"Authorization: Basic {login}" in call


def test_cef_has_the_time_of_the_machine(serve, monkeypatch):
    """Summer and winter, wherever the tests run; the golden cases are in the
    time zone of where they do."""
    monkeypatch.setenv("TZ", "EST5EDT,M3.2.0,M11.1.0")
    lines = exported(serve(workers=1), "cef_export", None,
                     {"type": "domain", "value": "example.com",
                      "timestamp": "1720000000"},
                     {"type": "domain", "value": "example.com",
                      "timestamp": "1706745599"})
    assert [line.split(" host ")[0] for line in lines.splitlines()] == [
        "Jul 03 05:46:40", "Jan 31 18:59:59"]


@pytest.mark.parametrize("module, kind, config", [
    ("cef_export", "url", {}),
    (CISCO, "url", {}),
    ("defender_endpoint_export", "url", {}),
    ("nexthinkexport", "domain", {}),
    ("mass_eql_export", "filename", {}),
    ("threatStream_misp_export", "url", {}),
    ("threat_connect_export", "domain|ip", {}),
])
def test_large_events_are_written_in_time(server, module, kind, config):
    count = 100000
    text = exported(server, module, config,
                    *({"type": kind, "value": f"{i}.example|a", "to_ids": True}
                      if kind == "domain|ip" else
                      {"type": kind, "value": f"{i}.example", "to_ids": True}
                      for i in range(count)))
    assert text.count(".example") >= count


def test_without_memory_there_is_no_half_export(serve):
    """As events grow, the file is whole or an error says why it is not."""
    server = serve(workers=1, max_request=64 << 20, timeout=20,
                   max_memory=96 << 20)
    ends = set()
    for count in range(10000, 90000, 15000):
        status, answer = server.query({
            "module": "defender_endpoint_export", "data": [{
                "Event": {}, "Attribute": [
                    {"type": "url", "value": "a"}] * count}]})
        assert status == 200
        if "error" in answer:
            assert "ran out of memory" in answer["error"]
        else:
            text = base64.b64decode(answer["data"])
            assert text.count(b"\n") == count
        ends.add("error" in answer)
    assert SANITIZED or ends == {False, True}
