"""MISP's side of the contract: the bodies it sends, what it reads from
/modules, what it understands of an answer."""

import base64
import json
import uuid

import pytest

from server import Server

UUID = "5c1c0d3e-0000-4000-8000-000000000007"
FAMILIES = {"expansion": {"expansion", "hover"}, "import_mod": {"import"},
            "export_mod": {"export"}, "action_mod": {"action"}}
HELLO = base64.b64encode(b"hello").decode()
MD5 = "d41d8cd98f00b204e9800998ecf8427e"


def attribute(kind, value, **more):
    return {"id": "7", "event_id": "3", "object_id": "0",
            "object_relation": None, "category": "Network activity",
            "type": kind, "to_ids": True, "uuid": UUID,
            "timestamp": "1700000000", "distribution": "5",
            "sharing_group_id": "0", "comment": "", "deleted": False,
            "disable_correlation": False, "first_seen": None,
            "last_seen": None, "value": value, **more}


EVENT = {"id": "3", "uuid": UUID, "info": "an event"}
IMPORTED = base64.b64encode(json.dumps({"response": [{"Event": {
    "Attribute": [{"type": "domain", "value": "a.example",
                   "category": "Network activity", "to_ids": True,
                   "comment": ""}]}}]}).encode()).decode()

# Name of the case: the body; what the answer must have.
BODIES = {
    "expansion": {"module": "good_echo", "ip-src": "8.8.8.8", "event_id": "3",
                  "attribute_uuid": UUID, "config": {"apikey": None}},
    "expansion_int_id": {"module": "good_echo", "ip-src": "8.8.8.8",
                         "event_id": 3, "attribute_uuid": UUID,
                         "config": {"apikey": None, "greeting": None}},
    "expansion_of_a_file": {"module": "good_echo", "attachment": "f.exe",
                            "event_id": "3", "attribute_uuid": UUID,
                            "data": "REFUQQ==", "config": {"apikey": None}},
    "expansion_without_config": {"module": "good_echo", "text": "x",
                                 "event_id": "3", "attribute_uuid": UUID},
    "expansion_standard": {
        "module": "extract_url_components", "event_id": "3",
        "attribute": attribute("url", "https://www.example.org/a?b=c")},
    "expansion_keys_reversed": {
        "event_id": "3", "config": {"greeting": ""}, "text": "x",
        "module": "good_echo"},
    "hover": {"module": "yara_query", "md5": MD5},
    "hover_pinned": {"module": "yara_query", "persistent": 1,
                     "config": {"apikey": None}, "md5": MD5},
    "hover_standard": {"module": "extract_url_components",
                       "attribute": attribute("url", "http://example.org/")},
    "import_upload": {"module": "testimport", "event_id": 3,
                      "config": {"number1": "1", "some_string": "s",
                                 "boolean_field": "1", "comment": ""},
                      "data": HELLO, "filename": "x.csv"},
    "import_paste": {"module": "testimport", "event_id": "3",
                     "config": {"number1": None, "some_string": "",
                                "boolean_field": "0", "comment": None},
                     "data": HELLO},
    "import_json": {"module": "mispjson", "event_id": 3, "data": IMPORTED,
                    "filename": "x.json"},
    "workflow_with_user": {
        "module": "good_echo", "text": "x", "event_id": "3",
        "user": {"id": "1", "email": "a@example.org", "Role": {"id": "1"}}},
    "event_report": {"module": "good_echo", "attachment": "temp.foo",
                     "data": HELLO},
    "attachment_scan": {"module": "good_echo", "attachment": "f.exe",
                        "data": HELLO, "timeout": 30, "event_id": "3"},
}
# Answered as well, though with a clear refusal.
REFUSED = {
    "an_object": {"module": "extract_url_components", "event_id": "3",
                  "object": {"id": "4", "name": "file", "uuid": UUID,
                             "Attribute": [attribute("md5", MD5)]}},
    "another_type": {"module": "extract_url_components", "event_id": "3",
                     "attribute": attribute("ip-src", "8.8.8.8")},
    "no_value": {"module": "good_echo", "event_id": "3"},
    "import_without_data": {"module": "mispjson", "event_id": 3},
}
EXPORTS = {
    "internal_form": [{"Event": EVENT, "Attribute": [
        attribute("domain", "a.example")], "Object": []}],
    "standard_form": [{"Event": {**EVENT, "Attribute": [
        attribute("domain", "a.example")]}}],
    "empty": [{"Event": EVENT, "Attribute": [], "Object": []}],
}


@pytest.fixture(scope="module")
def echo():
    instance = Server(modules=("good_echo",))
    yield instance
    instance.close()


@pytest.mark.parametrize("name", BODIES)
def test_bodies(echo, name):
    status, answer = echo.query(BODIES[name])
    assert status == 200
    assert "error" not in answer, answer
    assert answer["results"]
    check_results(answer["results"])


@pytest.mark.parametrize("name", REFUSED)
def test_refusals(echo, name):
    status, answer = echo.query(REFUSED[name])
    assert status == 200
    assert isinstance(answer["error"], str) and answer["error"]
    assert answer["results"] == []


def check_results(results):
    """What MISP understands, and nothing else."""
    if isinstance(results, dict):
        assert set(results) <= {"Attribute", "Object", "Tag", "EventReport"}
        assert results.get("Attribute") or results.get("Object")
        for element in (results.get("Attribute", [])
                        + results.get("Object", [])):
            uuid.UUID(element["uuid"])
    else:
        for row in results:
            assert {"types", "type"} & set(row)
            values = row["values"]
            for value in values if isinstance(values, list) else [values]:
                assert isinstance(value, (str, int, float, bool))


@pytest.mark.parametrize("name", EXPORTS)
@pytest.mark.parametrize("module", ["liteexport", "osqueryexport"])
def test_exports(echo, module, name):
    status, answer = echo.query({"module": module, "data": EXPORTS[name],
                                 "config": {"indent_json_export": None}})
    assert status == 200
    assert "error" not in answer, answer
    base64.b64decode(answer["data"], validate=True)


def test_action(echo):
    status, answer = echo.query({
        "module": "testaction",
        "data": {"Event": {"id": "3", "_AttributeFlattened": []}},
        "params": {"foo": "bar", "data_extraction_path": ""},
        "matchingData": {"Data Extraction Path": {}}})
    assert status == 200
    assert "error" not in answer
    assert answer["data"] is True


# ---- /modules ----

def descriptors(server):
    modules = server.get("/modules").json()
    assert isinstance(modules, list) and modules
    return modules


def test_names_are_unique(server):
    names = [module["name"] for module in descriptors(server)]
    assert len(names) == len(set(names))


def test_one_of_every_kind_is_there(server):
    assert {"dns", "reversedns", "countrycode", "yara_query",
            "extract_url_components", "testimport", "mispjson", "liteexport",
            "osqueryexport", "testaction"} <= {
                module["name"] for module in descriptors(server)}


def strings(value):
    return isinstance(value, list) and all(
        isinstance(item, str) for item in value)


def test_what_every_module_needs(server):
    for module in descriptors(server):
        meta, attributes = module["meta"], module["mispattributes"]
        kinds = meta["module-type"]
        assert kinds and set(kinds) <= FAMILIES[module["type"]], module
        assert isinstance(meta["description"], str) and meta["description"]
        assert isinstance(meta.get("version"), str)
        assert isinstance(meta.get("author"), str)
        assert attributes.get("format", "misp_standard") == "misp_standard"
        if "action" not in kinds:
            assert strings(meta.get("config", []))
        if {"expansion", "hover"} & set(kinds):
            assert strings(attributes["input"]) and attributes["input"]


def test_imports(server):
    types = {"IP", "String", "Integer", "Boolean", "Select"}
    for module in descriptors(server):
        if "import" not in module["meta"]["module-type"]:
            continue
        attributes = module["mispattributes"]
        assert set(attributes.get("inputSource", [])) <= {"file", "paste"}
        for option in attributes.get("userConfig", {}).values():
            assert option["type"] in types
            assert option["message"]
            assert isinstance(option.get("options", {}), dict)


def test_what_an_export_needs(server):
    for module in descriptors(server):
        if "export" in module["meta"]["module-type"]:
            assert module["mispattributes"]["outputFileExtension"]
            assert module["mispattributes"]["responseType"]


def test_actions(server):
    for module in descriptors(server):
        if "action" not in module["meta"]["module-type"]:
            continue
        config = module["meta"]["config"]
        for parameter in config["params"].values():
            assert parameter["type"] in {"string", "large_string",
                                         "hash_path"}
        assert isinstance(config.get("blocking", False), bool)


def test_the_list_comes_within_misps_second(server):
    for _ in range(20):
        assert server.get("/modules", timeout=1).ok


def test_the_headers_misp_sends(server):
    reply = server.request(
        "POST", "/query", data=json.dumps(BODIES["hover"]).encode(),
        headers={"Accept": "*/*", "Content-Type": "application/json",
                 "Accept-Encoding": "deflate, gzip, br, zstd",
                 "User-Agent": None})
    assert reply.status_code == 200
    assert reply.json()["results"]
