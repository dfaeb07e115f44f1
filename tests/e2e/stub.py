"""The services that modules ask, as one real nginx with TLS.

Whatever host is asked for, nginx hands the request to a thread of the tests,
which answers as the exchanges of the current case say, and notes what was
wrong with what was asked. See golden.py for the form of an exchange.
"""

import base64
import datetime
import http.server
import json
import os
import re
import socketserver
import subprocess
import threading
import urllib.parse

from certificates import Authority
from server import free_port, stop, wait_for

EXCHANGE = {"request", "headers", "body", "status", "reply", "reply_text",
            "reply_lines", "reply_base64", "reply_headers", "optional"}
# Certificates of their own, for the modules that look at them.
TLS_HOST, EXPIRED, UNTRUSTED, SOON = (
    f"{name}.example.test" for name in ("tls", "expired", "untrusted",
                                        "soon"))
OTHER_NAME = "other.example.test"  # shows a certificate that is not its own

NGINX = """
daemon off;
worker_processes 1;
pid {directory}/nginx.pid;
error_log stderr;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    client_body_temp_path {directory}/client;
    proxy_temp_path {directory}/proxy;
    fastcgi_temp_path {directory}/fastcgi;
    scgi_temp_path {directory}/scgi;
    uwsgi_temp_path {directory}/uwsgi;
    client_max_body_size 0;
    large_client_header_buffers 8 64k;
    ignore_invalid_headers off;
    keepalive_requests 1000000;
    ssl_protocols TLSv1.2 TLSv1.3;
    upstream cases {{ server unix:{directory}/cases.sock; keepalive 8; }}
    server {{
        listen 127.0.0.1:{plain_port};
        listen 127.0.0.1:{tls_port} ssl default_server;
        ssl_certificate {directory}/services.pem;
        ssl_certificate_key {directory}/services.key;
        location / {{
            proxy_pass http://cases;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_set_header Host $http_host;
            proxy_set_header X-Forwarded-Proto $scheme;
            proxy_redirect off;
        }}
        location = /.close {{ internal; return 444; }}
    }}
    {others}
}}
"""
OTHER = """server {{
        listen 127.0.0.1:{tls_port} ssl;
        server_name {name};
        ssl_certificate {directory}/{certificate}.pem;
        ssl_certificate_key {directory}/{certificate}.key;
        return 204;
    }}
"""


def decoded(data):
    try:
        return data.decode()
    except UnicodeDecodeError:
        return {"<base64>": base64.b64encode(data).decode()}


def collected(pairs):
    """A dict of fields; those that are there twice become lists."""
    fields = {}
    for name, value in pairs:
        fields.setdefault(name, []).append(value)
    return {name: values if len(values) > 1 else values[0]
            for name, values in fields.items()}


def parts(boundary, body):
    for part in body.split(b"--" + boundary)[1:-1]:
        head, content = part[2:-2].split(b"\r\n\r\n", 1)
        names = dict(re.findall(r'\b(name|filename)="((?:\\.|[^"])*)"',
                                head.decode()))
        yield names["name"], (
            {"filename": names["filename"],
             "base64": base64.b64encode(content).decode()}
            if "filename" in names else decoded(content))


def noted_body(kind, body):
    """A body as a case would write it down; None if there is none."""
    if not body:
        return None
    name, _, parameters = kind.partition(";")
    if name == "application/x-www-form-urlencoded":
        return {"<form>": collected(urllib.parse.parse_qsl(
            body.decode(), keep_blank_values=True))}
    if name == "multipart/form-data":
        boundary = parameters.split("boundary=")[1].strip('"').encode()
        return {"<multipart>": collected(parts(boundary, body))}
    if name.endswith("json"):
        try:
            return json.loads(body)
        except ValueError:
            pass
    return decoded(body)


def reply_of(exchange):
    """The bytes of a reply, and what they are."""
    if "reply_base64" in exchange:
        return (base64.b64decode(exchange["reply_base64"]),
                "application/octet-stream")
    if "reply_lines" in exchange:
        lines = [json.dumps(line) + "\n" for line in exchange["reply_lines"]]
        return "".join(lines).encode(), "application/x-ndjson"
    if "reply" in exchange:
        return json.dumps(exchange["reply"]).encode(), "application/json"
    return exchange.get("reply_text", "").encode(), "text/plain"


def differences(exchange, asked):
    """What was asked otherwise than the exchange has it."""
    for name, value in exchange.get("headers", {}).items():
        sent = asked["headers"].get(name.lower())
        if sent != value:
            yield f"the header {name} is {sent!r}, not {value!r}"
    wanted, sent = (json.dumps(body, sort_keys=True)
                    for body in (exchange.get("body"), asked["body"]))
    if wanted != sent:
        yield f"the body is {sent}, not {wanted}"


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1

    def answer(self):
        headers = {name.lower(): value
                   for name, value in self.headers.items()}
        url = f"{headers['x-forwarded-proto']}://{headers['host']}{self.path}"
        body = self.rfile.read(int(headers.get("content-length", 0)))
        exchange = self.server.stub.exchange_for({
            "request": f"{self.command} {url}", "headers": headers,
            "body": noted_body(headers.get("content-type", ""), body)})
        data, kind = reply_of(exchange)
        more = {"Content-Type": kind, **exchange.get("reply_headers", {})}
        if exchange.get("status") == 444:
            more["X-Accel-Redirect"] = "/.close"
        self.send_response(exchange.get("status", 200))
        for name, value in more.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = answer

    def log_message(self, *arguments):
        pass


class Cases(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True
    block_on_close = False


class Stub:
    """urls: all that will be asked for."""

    def __init__(self, directory, urls):
        self.directory = directory
        self.plain_port, self.tls_port = free_port(), free_port()
        parsed = [urllib.parse.urlsplit(url) for url in urls]
        self.plain_ports = {url.port or 80 for url in parsed
                            if url.scheme == "http"} | {80}
        self.lock = threading.Lock()
        self.play([])
        self._make_certificates({url.hostname for url in parsed})
        self.cases = Cases(str(directory / "cases.sock"), Handler)
        self.cases.stub = self
        os.chmod(directory / "cases.sock", 0o666)
        threading.Thread(target=self.cases.serve_forever, args=(0.05,),
                         daemon=True).start()
        self._start_nginx()

    def _make_certificates(self, hosts):
        authority = Authority(self.directory)
        self.ca_file = authority.ca_file
        authority.issue("services", ["127.0.0.1", *sorted(hosts)])
        utc = datetime.timezone.utc
        now = datetime.datetime.now(utc).replace(microsecond=0)
        start = datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=utc)
        start = min(start, now)
        self.tls_end = datetime.datetime(2099, 1, 2, 3, 4, 5, tzinfo=utc)
        self.soon_end = now + datetime.timedelta(days=9, hours=12)
        past = datetime.datetime(2020, 1, 2, 3, 4, 5, tzinfo=utc)
        authority.issue(TLS_HOST, [TLS_HOST, "www." + TLS_HOST],
                        "1A2B3C4D", start, self.tls_end)
        authority.issue(SOON, [SOON], "1A2B3C4E", start, self.soon_end)
        authority.issue(EXPIRED, [EXPIRED], "1A2B3C4F", past,
                        past + datetime.timedelta(days=90))
        authority.issue_self_signed(UNTRUSTED)

    def _start_nginx(self):
        shown = {name: name for name in (TLS_HOST, SOON, EXPIRED, UNTRUSTED)}
        shown[OTHER_NAME] = TLS_HOST
        values = {"directory": self.directory, "tls_port": self.tls_port}
        others = "".join(OTHER.format(name=name, certificate=certificate,
                                      **values)
                         for name, certificate in shown.items())
        path = self.directory / "nginx.conf"
        path.write_text(NGINX.format(plain_port=self.plain_port,
                                     others=others, **values))
        with open(self.directory / "nginx.log", "wb") as log:
            self.nginx = subprocess.Popen(
                ["nginx", "-e", "stderr", "-p", self.directory, "-c", path,
                 "-g", "user root;" if os.geteuid() == 0 else ""],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        wait_for(lambda: (self.directory / "nginx.pid").exists()
                 or self.nginx.poll() is not None, what="the stub's nginx")
        assert self.nginx.poll() is None, \
            (self.directory / "nginx.log").read_text()

    def connect_to(self, closed_port=None):
        """What leads every host here; with closed_port, to that instead. Only
        who is asked on the loopback is what listens there."""
        entries = ["127.0.0.1::127.0.0.1:"]
        if closed_port:
            return " ".join([*entries, f"::127.0.0.1:{closed_port}"])
        entries += [f":{port}:127.0.0.1:{self.plain_port}"
                    for port in sorted(self.plain_ports)]
        return " ".join([*entries, f"::127.0.0.1:{self.tls_port}"])

    def close(self):
        stop(self.nginx)
        self.cases.shutdown()
        self.cases.server_close()

    # ---- A case ----

    def play(self, exchanges, by_order=False, instead=None):
        """What is to be asked now. by_order: whatever is asked gets the next
        reply; instead: this one."""
        for exchange in exchanges:
            assert set(exchange) <= EXCHANGE, exchange
        with self.lock:
            self.left = list(exchanges)
            self.by_order, self.instead = by_order, instead
            self.asked, self.wrong = [], []

    def exchange_for(self, asked):
        """The reply to what was asked (called by the threads)."""
        with self.lock:
            self.asked.append(asked)
            if self.instead is not None:
                return self.instead
            for index, exchange in enumerate(self.left):
                if self.by_order or exchange["request"] == asked["request"]:
                    del self.left[index]
                    self.wrong += [f"{asked['request']}: {difference}" for
                                   difference in differences(exchange, asked)]
                    return exchange
            problem = f"{asked['request']} is not listed (any more); its " \
                f"body was {json.dumps(asked['body'])}"
            self.wrong.append(problem)
            return {"status": 599, "reply_text": problem}

    def problems(self):
        """What was asked otherwise than listed, or not at all."""
        with self.lock:
            return self.wrong + [f"{exchange['request']} was not asked for"
                                 for exchange in self.left
                                 if not exchange.get("optional")]
