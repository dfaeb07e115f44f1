"""What the file says about talking to the world: check shows it, and a query
is run with it."""

import http.server
import json
import subprocess
import threading

import pytest

from server import MODULES, PROGRAM

KNOWN = {"MD5": "8ed4b4ed952526d89899e723f3488de4", "FileName": "a.txt"}


@pytest.fixture
def stub():
    """A service that is also a proxy; it keeps what it was asked."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.server.asked.append((self.path, dict(self.headers)))
            body = json.dumps(KNOWN).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.asked = []
    server.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def run(tmp_path):
    """Runs a command with these lines for http and Plugin."""
    path = tmp_path / "misp-modules.conf"

    def start(*command, http="", plugin="", mode=0o640):
        path.write_text(f'server {{\nmodules = "{MODULES}"\n}}\n'
                        f"http {{\n{http}\n}}\nPlugin {{\n{plugin}\n}}\n")
        path.chmod(mode)
        return subprocess.run(
            [PROGRAM, command[0], "--config", path, *command[1:]],
            capture_output=True, text=True, timeout=20)

    return start


def look_up(run, **options):
    result = run("query", "hashlookup", "--attribute", "md5=" + KNOWN["MD5"],
                 **options)
    assert result.returncode == 0, result.stdout + result.stderr
    return json.loads(result.stdout)


def test_check_says_whom_a_module_talks_to(run):
    result = run("check", http='proxy = "http://user:hidden@proxy.example:1"',
                 plugin='Enrichment_hashlookup_endpoint = "https://h.example"\n'
                        "Enrichment_hashlookup_proxy = none")
    assert (result.returncode, result.stderr) == (0, "")
    assert "  proxy = http://…@proxy.example:1\n" in result.stdout
    assert "hidden" not in result.stdout
    assert ("      talks to: hashlookup.circl.lu\n"
            "      endpoint: set\n      proxy: none\n") in result.stdout
    assert "h.example" not in result.stdout


def test_check_notes_that_private_addresses_are_allowed(run):
    note = "allow_private is true: "
    assert note in run("check", http="allow_private = true").stdout
    assert note not in run("check").stdout


def test_password_that_everybody_can_read(run):
    result = run("check", plugin="Enrichment_hashlookup_proxy = "
                                 '"http://user:hidden@proxy.example"',
                 mode=0o644)
    assert result.returncode == 1
    assert "holds a secret (Enrichment_hashlookup_proxy)" in result.stderr
    assert "hidden" not in result.stdout + result.stderr


def test_endpoint_and_user_agent_reach_the_query(run, stub):
    look_up(run, http="user_agent = somebody",
            plugin=f'Enrichment_hashlookup_endpoint = "{stub.url}/mirror"')
    path, headers = stub.asked[0]
    assert path == "/mirror/lookup/md5/" + KNOWN["MD5"]
    assert headers["User-Agent"] == "somebody"


def test_proxy_of_the_module_goes_first(run, stub):
    endpoint = 'Enrichment_hashlookup_endpoint = "http://h.example"\n'
    nowhere = 'proxy = "http://127.0.0.1:9"'
    asked = "http://h.example/lookup/md5/" + KNOWN["MD5"]
    look_up(run, http=f'proxy = "{stub.url}"', plugin=endpoint)
    look_up(run, http=nowhere, plugin=endpoint +
            f'Enrichment_hashlookup_proxy = "{stub.url}"')
    assert [path for path, _ in stub.asked] == [asked, asked]


def test_none_is_no_proxy(run, stub):
    look_up(run, http='proxy = "http://127.0.0.1:9"',
            plugin=f'Enrichment_hashlookup_endpoint = "{stub.url}"\n'
                   "Enrichment_hashlookup_proxy = none")
    assert [path for path, _ in stub.asked] == ["/lookup/md5/" + KNOWN["MD5"]]


def test_a_request_cannot_set_them(run, stub):
    look_up(run, plugin=f'Enrichment_hashlookup_endpoint = "{stub.url}"')
    result = run("query", "hashlookup", "--attribute", "md5=" + KNOWN["MD5"],
                 "--set", "endpoint=http://127.0.0.1:9",
                 "--set", "proxy=http://127.0.0.1:9",
                 plugin=f'Enrichment_hashlookup_endpoint = "{stub.url}"')
    assert result.returncode == 0
    assert len(stub.asked) == 2
