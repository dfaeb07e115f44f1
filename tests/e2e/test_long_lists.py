"""Lists in services' replies that are far too long: an answer of a size that
MISP can take, in good time."""

import time

import pytest

UUID = "5c1c3f5e-0f2c-4f0e-9a53-5a1b0a0a0a07"
COUNT = 100_000

REPLIES = {
    "CERTFR-2024-AVI-0001": {"reference": "CERTFR-2024-AVI-0001", "links": [
        {"url": f"https://example.org/{i}"} for i in range(COUNT)]},
    "JVNDB-2024-000001": {"id": "x", "sec:identifier": "JVNDB-2024-000001",
                          "sec:references": [
                              {"@source": "JVN", "#text": f"https://x/{i}"}
                              for i in range(COUNT)]},
}


@pytest.mark.parametrize("advisory", REPLIES)
def test_references_of_an_advisory(server, stub, advisory):
    stub.play([{"request": "GET https://vulnerability.circl.lu/api/"
                           f"vulnerability/{advisory}",
                "reply": REPLIES[advisory]}])
    started = time.monotonic()
    status, answer = server.query({
        "module": "vulnerability_lookup", "event_id": "3",
        "attribute": {"type": "vulnerability", "value": advisory,
                      "uuid": UUID}})
    assert time.monotonic() - started < 5
    assert status == 200
    attributes = answer["results"]["Object"][0]["Attribute"]
    relations = [each["object_relation"] for each in attributes]
    assert relations.count("references") in (1000, 1001)
