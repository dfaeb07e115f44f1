"""What files cost: the cage, and the imports that read the largest ones."""

import base64
import email.mime.application
import email.mime.multipart
import email.mime.text
import json
import pathlib
import re
import statistics
import threading
import time

from server import Server, children

MIB = 1 << 20


def pss(pid):
    """The memory of a process, of what it shares its part, in bytes."""
    try:
        text = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
        return int(re.search(r"^Pss:\s+(\d+) kB", text, re.M).group(1)) * 1024
    except (OSError, AttributeError):
        return 0  # it has ended


class Peak(threading.Thread):
    """The most memory that a server's workers and their cages have."""

    def __init__(self, server):
        super().__init__(daemon=True)
        self.server = server
        self.peak = 0
        self.done = False

    def run(self):
        while not self.done:
            now = 0
            for worker in self.server.workers():
                now += pss(worker) + sum(map(pss, children(worker)))
            self.peak = max(self.peak, now)
            time.sleep(0.005)


def log_times(server, module):
    return [float(re.search(r" ms=([\d.]+)", line).group(1))
            for line in server.log if f"module={module} " in line]


def cage(report):
    server = Server(workers=2, modules=("good_echo", "caged_tries"))
    try:
        for _ in range(200):
            server.ask("good_echo", "nothing")
            server.ask("caged_tries", "nothing")
        without, within = (statistics.median(log_times(server, name))
                           for name in ("good_echo", "caged_tries"))
        report("a query in the cage, of one outside",
               f"{within - without:.2f} ms more", "< 2 ms",
               within - without < 2)
    finally:
        server.close()


def misp_event(count):
    return json.dumps({"Event": {"info": "many", "Attribute": [
        {"type": "domain", "category": "Network activity", "to_ids": True,
         "value": f"host-{i}.example.com"} for i in range(count)]}}).encode()


def mail(size):
    message = email.mime.multipart.MIMEMultipart()
    message["From"] = "Alice <alice@example.com>"
    message["To"] = "Bob <bob@example.com>"
    message["Subject"] = "The report"
    message["Message-ID"] = "<1@example.com>"
    message.attach(email.mime.text.MIMEText("Please find it attached.\n"))
    content = bytes(range(256)) * (size * 3 // 4 // 256)
    message.attach(email.mime.application.MIMEApplication(
        content, Name="report.bin"))
    return message.as_bytes()


def large_file(report, module, filename, content, limit):
    server = Server(workers=1, max_request=256 * MIB, timeout=30,
                    max_memory=2048 * MIB)
    body = json.dumps({
        "module": module, "event_id": 3, "filename": filename, "config": {},
        "data": base64.b64encode(content).decode()}).encode()
    peak = Peak(server)
    try:
        times = []
        for _ in range(3):
            began = time.monotonic()
            reply = server.request("POST", "/query", data=body)
            times.append(time.monotonic() - began)
            assert reply.status_code == 200 and reply.json()["results"]
        peak.start()
        server.query(body)
        peak.done = True
        inside = statistics.median(log_times(server, module)) / 1000
        size = len(body)
        report(f"{module} of {size / 1e6:.0f} MB",
               f"{statistics.median(times):.2f} s, {inside:.2f} s of it in "
               "the worker", f"< {limit} s", statistics.median(times) < limit)
        report(f"{module} of {size / 1e6:.0f} MB, memory of worker and cage",
               f"{peak.peak / size:.2f} times the body", "< 4",
               peak.peak < 4 * size)
    finally:
        server.close()


def imports(report):
    large_file(report, "mispjson", "event.json", misp_event(100000), 0.3)
    large_file(report, "email_import", "mail.eml", mail(10 * MIB), 0.5)
