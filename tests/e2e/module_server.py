"""module_server.py: another module server, as the tests have it: over HTTP or
HTTPS, with a password or without."""

import base64
import contextlib
import http.server
import json
import socket
import ssl
import threading
import time

from server import free_port


def entry(name, config=("apikey",)):
    """What /modules says of a module."""
    return {"name": name, "type": "expansion",
            "mispattributes": {"input": ["domain"], "output": ["text"]},
            "meta": {"version": "7", "author": "far away", "description": "",
                     "module-type": ["expansion", "hover"],
                     "config": list(config)}}


class ModuleServer:
    """answers: what it says of each module's queries: JSON, bytes, a number (an
    HTTP status), "hang", or "echo" (the request)."""

    def __init__(self, answers, port=None, certificate=None, password=None):
        self.answers = answers
        self.names = list(answers)
        self.settings = {}  # of modules that have others than apikey
        self.port = port or free_port()
        self.certificate, self.password = certificate, password
        self.queries, self.paths = [], []
        self.connections = []
        self.httpd = None
        self.start()

    @property
    def url(self):
        scheme = "https" if self.certificate else "http"
        return f"{scheme}://127.0.0.1:{self.port}"

    def start(self):
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def setup(self):
                super().setup()
                outer.connections.append(self.connection)

            def log_message(self, *arguments):
                pass

            def send(self, body, status=200):
                if not isinstance(body, bytes):
                    body = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def refused(self):
                wanted = outer.password and "Basic " + base64.b64encode(
                    outer.password.encode()).decode()
                if wanted == (self.headers["Authorization"] or None):
                    return False
                self.send({"error": "who are you?"}, 401)
                return True

            def do_GET(self):
                outer.paths.append(self.path)
                if not self.refused():
                    self.send([entry(name, outer.settings.get(
                        name, ("apikey",))) for name in outer.names])

            def do_POST(self):
                outer.paths.append(self.path)
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if self.refused():
                    return
                request = json.loads(body)
                outer.queries.append(request)
                answer = outer.answers[request["module"]]
                if answer == "hang":
                    time.sleep(20)
                elif answer == "echo":
                    self.send({"results": [{"types": ["text"], "values": [
                        json.dumps(request)]}]})
                elif type(answer) is int:
                    self.send({"error": "not well"}, answer)
                else:
                    self.send(answer)

        http.server.ThreadingHTTPServer.daemon_threads = True
        self.httpd = http.server.ThreadingHTTPServer(
            ("127.0.0.1", self.port), Handler)
        if self.certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*self.certificate)
            self.httpd.socket = context.wrap_socket(self.httpd.socket,
                                                    server_side=True)
        threading.Thread(target=self.httpd.serve_forever, kwargs={
            "poll_interval": 0.05}, daemon=True).start()

    def stop(self):
        if self.httpd:
            self.httpd.shutdown()
            self.httpd.server_close()
        for connection in self.connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self.connections.clear()
        self.httpd = None
