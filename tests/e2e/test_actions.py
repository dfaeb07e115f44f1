"""Where actions may post to: the parameter's host, wherever it is."""

import http.server
import json
import threading

import pytest

PARAMETERS = {
    "mattermost": {"mattermost_hostname": None, "bot_access_token": "token",
                   "channel_id": "c", "message_template": "hello"},
    "nextcloud_talk": {"nextcloud_baseurl": None, "app_access_token": "token",
                       "nextcloud_app_uuid_login": "misp",
                       "nextcloud_conversation_token": "c",
                       "message_template": "hello"},
}


@pytest.fixture
def local():
    """A service of this machine, which redirects what begins with /away."""
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            size = int(self.headers["Content-Length"])
            asked.append((self.path, json.loads(self.rfile.read(size))))
            away = self.path.startswith("/away")
            self.send_response(307 if away else 201)
            if away:
                self.send_header("Location", "http://127.0.0.2:1/")
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()


def post(server, module, url):
    parameters = {name: url if value is None else value
                  for name, value in PARAMETERS[module].items()}
    return server.query({"module": module, "data": {}, "params": parameters})


@pytest.mark.parametrize("module", PARAMETERS)
def test_private_network(serve, local, module):
    """Where modules that fetch any URL must not go."""
    url, asked = local
    server = serve(workers=1, sections="http {\n\tallow_private = false\n}\n")
    assert post(server, module, url) == (200, {"data": True})
    assert [body["message"] for _, body in asked] == ["hello"]
    _, answer = post(server, module, url + "/away")
    assert "sends us to another host" in answer["error"]
    assert len(asked) == 2
