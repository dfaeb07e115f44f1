"""Runs in a network and mount namespace of its own, for test_http.py: asks the
module fetch_any for each URL, and prints the answers and who was asked.

rebind.test is at PUBLIC when it is looked up first and at 127.0.0.1 then,
public.test is at PUBLIC, inside.test at 127.0.0.1.
"""

import http.server
import json
import pathlib
import socket
import subprocess
import sys
import tempfile
import threading

PUBLIC = "11.22.33.44"  # of this namespace: nothing leaves it
LOOPBACK = "127.0.0.1"
ADDRESSES = {"rebind": [PUBLIC, LOOPBACK], "public": [PUBLIC],
             "inside": [LOOPBACK]}
TARGETS = {"/name": "http://inside.test/", "/address": f"http://{LOOPBACK}/",
           "/mapped": f"http://[::ffff:{LOOPBACK}]/"}
asked = {"public": 0, "loopback": 0}


class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        public = self.server.server_address[0] == PUBLIC
        asked["public" if public else "loopback"] += 1
        target = public and TARGETS.get(self.path)
        self.send_response(302 if target else 200)
        if target:
            self.send_header("Location", target)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *arguments):
        pass


def answer_names(server):
    """A name server; of several addresses each is given in turn."""
    left = {name: list(addresses) for name, addresses in ADDRESSES.items()}
    while True:
        question, client = server.recvfrom(512)
        end = question.index(b"\0", 12) + 5
        name = question[13:13 + question[12]].decode()
        found = b""
        if question[end - 4:end - 2] == b"\0\1" and name in left:
            address = left[name][0]
            if len(left[name]) > 1:
                del left[name][0]
            found = b"\xc0\x0c\0\1\0\1\0\0\0\0\0\4" + socket.inet_aton(address)
        server.sendto(question[:2] + b"\x81\x80\0\1\0" + bytes([bool(found)])
                      + b"\0\0\0\0" + question[12:end] + found, client)


def start(target, *arguments):
    threading.Thread(target=target, args=arguments, daemon=True).start()


def main(program, config, *urls):
    for words in (["ip", "link", "set", "lo", "up"],
                  ["ip", "addr", "add", f"{PUBLIC}/32", "dev", "lo"]):
        subprocess.run(words, check=True)
    with tempfile.TemporaryDirectory() as directory:
        resolver = pathlib.Path(directory) / "resolv.conf"
        resolver.write_text(f"nameserver {LOOPBACK}\n")
        subprocess.run(["mount", "--bind", resolver, "/etc/resolv.conf"],
                       check=True)
        names = socket.socket(type=socket.SOCK_DGRAM)
        names.bind((LOOPBACK, 53))
        start(answer_names, names)
        for address in (PUBLIC, LOOPBACK):
            start(http.server.ThreadingHTTPServer((address, 80),
                                                  Page).serve_forever)
        answers = [json.loads(subprocess.run(
            [program, "query", "--config", config, "fetch_any",
             f"text={url}"], stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL).stdout) for url in urls]
        print(json.dumps(answers + [asked]))


main(*sys.argv[1:])
