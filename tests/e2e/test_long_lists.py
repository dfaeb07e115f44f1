"""Replies of services with far too much in them: an answer of a size that MISP
can take, in good time."""

import json

import pytest

UUID = "5c1c3f5e-0f2c-4f0e-9a53-5a1b0a0a0a07"
COUNT = 30_000
LONG = "x" * 100
KEYS = {"api_key": "k", "auth_key": "k", "apikey": "k",
        "url": "https://phishing-initiative.fr"}

# What a module is asked about, and what its service has to say of that.
CASES = {
    "links": (
        "vulnerability_lookup", "vulnerability", "CERTFR-2024-AVI-0001",
        {"reference": "CERTFR-2024-AVI-0001",
         "links": [{"url": f"https://x/{i}"} for i in range(COUNT)]}),
    "references": (
        "vulnerability_lookup", "vulnerability", "JVNDB-2024-000001",
        {"id": "x", "sec:identifier": "JVNDB-2024-000001",
         "sec:references": [{"@source": "JVN", "#text": f"https://x/{i}"}
                            for i in range(COUNT)]}),
    "scores": (
        "crowdsec", "ip-src", "192.0.2.1",
        {"ip": "192.0.2.1", "scores": {
            "overall": {f"s{i}": i for i in range(COUNT)},
            **{f"p{i}": {"total": 1} for i in range(COUNT)}}}),
    "attacks": (
        "crowdsec", "ip-src", "192.0.2.1",
        {"ip": "192.0.2.1",
         "attack_details": [{"name": f"attack {i}", "label": LONG}
                            for i in range(COUNT)]}),
    "announcements": (
        "ipasn", "ip-src", "192.0.2.1",
        {"response": {f"2024-01-01T00:00:00.{i:06}": {
            "asn": i, "prefix": "192.0.2.0/24"} for i in range(COUNT)}}),
    "files": (
        "malwarebazaar", "md5", "8ed4b4ed952526d89899e723f3488de4",
        {"query_status": "ok",
         "data": [{"md5_hash": f"{i:032x}"} for i in range(COUNT)]}),
    "events": (
        "rdap", "domain", "example.com",
        {"objectClassName": "domain", "ldhName": "example.com",
         "events": [{"eventAction": "registration",
                     "eventDate": "2024-01-01T00:00:00Z"}] * COUNT}),
    "phishing pages": (
        "eupi", "url", "https://example.com/",
        {"results": [{"tag_label": "phishing", "url": f"https://x/{i}{LONG}"}
                     for i in range(COUNT)]}),
}


@pytest.mark.parametrize("name", CASES)
def test_a_reply_that_is_too_long(server, stub, name):
    module, kind, value, reply = CASES[name]
    stub.play([], instead={"reply": reply})
    status, answer = server.query({
        "module": module, kind: value, "event_id": "3", "config": KEYS,
        "attribute": {"type": kind, "value": value, "uuid": UUID}})
    assert status == 200
    assert "error" not in answer
    assert 200 < len(json.dumps(answer)) < 2_000_000
