"""The OpenAPI document: valid, complete, and true to what is answered."""

import json
import os
import pathlib
import subprocess

import pytest
from jsonschema import Draft202012Validator

from test_golden import CASES, case_id, prepared

# It comes with the official schema of OpenAPI 3.1.
VALIDATOR = "@seriousme/openapi-schema-validator@2.11.0"

# Taken for Python's sake, though the descriptor does not offer it.
NOT_OFFERED = ["reversedns/ip"]


@pytest.fixture(scope="module")
def document(server):
    reply = server.get("/openapi.json")
    assert reply.status_code == 200
    return reply.json()


@pytest.fixture(scope="module")
def validate_api():
    """The validator, installed once, outside the tree."""
    cache = os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache")
    directory = pathlib.Path(cache) / "misp-modules-tests"
    program = directory / "node_modules" / ".bin" / "validate-api"
    if not program.exists():
        directory.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts",
             "--prefix", directory, VALIDATOR], check=True, timeout=120)
    return program


def validity(program, document, directory):
    path = directory / "openapi.json"
    path.write_text(json.dumps(document))
    return subprocess.run([program, path], capture_output=True, text=True,
                          timeout=60)


def body_schemas(document):
    """The schemas of /query's body: {module: schema}."""
    body = document["paths"]["/query"]["post"]["requestBody"]
    schema = body["content"]["application/json"]["schema"]
    assert schema["discriminator"]["propertyName"] == "module"
    mapping = schema["discriminator"]["mapping"]
    assert [{"$ref": path} for path in mapping.values()] == schema["oneOf"]
    return mapping


def validator_of(document, reference):
    """Checks against one schema, whose references lead into the document."""
    return Draft202012Validator(
        {"$ref": reference, "components": document["components"]})


def test_is_valid_openapi(document, validate_api, tmp_path):
    result = validity(validate_api, document, tmp_path)
    assert result.returncode == 0, result.stdout + result.stderr
    assert document["openapi"].startswith("3.1.")


def test_validator_finds_faults(document, validate_api, tmp_path):
    broken = dict(document, paths={"query": {}})
    assert validity(validate_api, broken, tmp_path).returncode != 0


def test_schemas_are_json_schema(document):
    for schema in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_every_endpoint_is_there(document, server):
    assert sorted(document["paths"]) == [
        "/healthcheck", "/metrics", "/modules", "/openapi", "/openapi.json",
        "/query", "/version"]
    operations = [operation["operationId"]
                  for methods in document["paths"].values()
                  for operation in methods.values()]
    assert len(set(operations)) == len(operations)
    for path, methods in document["paths"].items():
        if "get" not in methods:
            continue
        reply = server.get(path)
        content = methods["get"]["responses"]["200"]["content"]
        assert reply.headers["Content-Type"].split(";")[0] in content, path


def test_version_is_the_servers(document, server):
    assert document["info"]["version"] == server.get("/version").json()[
        "version"]


def test_modules_answer_fits(document, server):
    modules = server.get("/modules").json()
    schema = validator_of(document, "#/components/schemas/Module")
    for module in modules:
        schema.validate(module)


def test_every_module_has_its_schema(document, server):
    modules = [module["name"] for module in server.get("/modules").json()]
    mapping = body_schemas(document)
    assert sorted(mapping) == sorted(modules)
    for name, reference in mapping.items():
        schema = document["components"]["schemas"][reference.split("/")[-1]]
        assert schema["properties"]["module"]["const"] == name


def test_examples_fit_and_are_answered(document, server):
    for name, reference in body_schemas(document).items():
        schema = document["components"]["schemas"][reference.split("/")[-1]]
        for example in schema["examples"]:
            validator_of(document, reference).validate(example)
            status, _ = server.query(example)
            assert status == 200, name


@pytest.mark.parametrize(
    "path", [path for path in CASES if case_id(path) not in NOT_OFFERED
             and "error" not in json.loads(path.read_text())["response"]],
    ids=case_id)
def test_golden_requests_fit(path, document):
    request = prepared(json.loads(path.read_text())["request"], {})
    reference = body_schemas(document)[request["module"]]
    validator_of(document, reference).validate(request)


@pytest.mark.parametrize("body", [
    {"module": "dns"},
    {"module": "dns", "domain": 7},
    {"module": "countrycode", "domain": "example.org"},
    {"module": "dns", "domain": "example.org", "config": "nameserver"},
], ids=["no input", "input is no text", "other module", "config is no object"])
def test_schema_refuses(body, document):
    reference = body_schemas(document)["dns"]
    assert not validator_of(document, reference).is_valid(body)


def test_errors_fit(document, server):
    schema = validator_of(document, "#/components/schemas/Error")
    for body in ({"module": "no_such_module"}, {"module": "dns"}, {}):
        _, answer = server.query(body)
        schema.validate(answer)


def test_page_asks_nobody_else(server):
    page = server.get("/openapi").text
    assert 'fetch("openapi.json")' in page
    assert "://" not in page and 'src="' not in page
    assert "innerHTML" not in page
