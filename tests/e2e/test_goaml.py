"""goAML: what is made to exhaust the import or the export, and that the one
reads what the other wrote."""

import base64
import contextlib
import time

import pytest

from server import Server

PLACE = "<location><city>Paris</city></location>"


def entities(count, wide):
    lines = [f'<!ENTITY e{number} "{f"&e{number - 1};" * wide}">'
             for number in range(1, count)]
    return '<!DOCTYPE r [<!ENTITY e0 "x">' + "".join(lines) + "]>"


def parameter_entities(count, wide):
    lines = [f"<!ENTITY % p{number} \"{f'&#37;p{number - 1};' * wide}\">"
             for number in range(1, count)]
    return ("<!DOCTYPE r [<!ENTITY % p0 \"<!ENTITY z 'x'>\">"
            + "".join(lines) + f"%p{count - 1};]>")


BOMBS = {
    "entities": (entities(30, 10) + "<report>&e29;</report>",
                 "document type definition"),
    "parameter entities": (parameter_entities(12, 10) + "<report/>",
                           "document type definition"),
    "external": ('<!DOCTYPE r SYSTEM "http://127.0.0.1:1/x.dtd"><report/>',
                 "document type definition"),
    "depth": ("<report>" + "<a>" * 1000000, "nested too deeply"),
    "objects": ("<report>" + PLACE * 300000 + "</report>",
                "more than 10000 objects"),
    "one value": ("<report><location><city>" + "x" * 20000000,
                  "longer than 65536 bytes"),
    "pieces of a value": ("<report><location><city>" + "x<!---->" * 500000,
                          "longer than 65536 bytes"),
    "text that is none": ("<report>" + "x" * 20000000 + "</report>",
                          "no transaction, person or place"),
}


@pytest.fixture(scope="module")
def server():
    with contextlib.closing(Server(workers=1, timeout=20,
                                   max_request=64 << 20)) as made:
        yield made


def load(server, text):
    data = base64.b64encode(text.encode()).decode()
    return server.query({"module": "goamlimport", "event_id": "3",
                         "data": data})[1]


@pytest.mark.parametrize("name", BOMBS)
def test_bombs(server, name):
    text, expected = BOMBS[name]
    start = time.monotonic()
    assert expected in load(server, text)["error"]
    assert time.monotonic() - start < 10


def test_as_much_as_there_may_be(server):
    people = "".join(f"<reporting_person><first_name>{number}</first_name>"
                     "<addresses><address><city>Paris</city></address>"
                     "</addresses></reporting_person>"
                     for number in range(5000))
    answer = load(server, f"<report>{people}</report>")
    assert len(answer["results"]["Object"]) == 10000


def test_references_without_end(server):
    """Ten objects that each are a hundred times where the one before is."""
    def uuid(number):
        return f"5b9a3f1e-0000-4000-8000-{number:012d}"

    def named(number, name, other, relation):
        return {"uuid": uuid(number), "name": name, "Attribute": [],
                "ObjectReference": [{"referenced_uuid": uuid(other),
                                     "relationship_type": relation}] * 300}

    objects = [named(1, "transaction", 2, "from"),
               named(2, "bank-account", 3, "signatory"),
               named(3, "person", 4, "address"),
               named(4, "geolocation", 1, "address")]
    answer = server.query({"module": "goamlexport",
                           "config": {"rentity_id": "1"},
                           "data": [{"Event": {"Object": objects}}]})[1]
    assert "refer to others too often" in answer["error"]


def test_round_trip(server):
    report = ("<report><transaction><transactionnumber>1</transactionnumber>"
              "<t_from><from_account><iban>LU28</iban><signatory><t_person>"
              "<first_name>Jane &amp; Jo</first_name></t_person></signatory>"
              "</from_account></t_from><t_to_my_client><to_entity><name>A"
              "</name></to_entity></t_to_my_client></transaction></report>")
    objects = load(server, report)["results"]["Object"]
    answer = server.query({"module": "goamlexport",
                           "config": {"rentity_id": "1"},
                           "data": [{"Event": {"Object": objects}}]})[1]
    again = base64.b64decode(answer["data"]).decode()
    inside = report.split("<report>")[1]
    assert again.split("</submission_code>")[1].strip() == inside
