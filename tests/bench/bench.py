"""Speed and memory, as ratios taken in one run. `make bench` runs it.

Each line says what was measured, the figure, and the figure it should reach.
"""

import concurrent.futures
import os
import pathlib
import re
import statistics
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))

import fastcgi  # noqa: E402
import files_bench  # noqa: E402
import python_bench  # noqa: E402
from server import BUILD, PROGRAM, Server, children, free_port  # noqa: E402
from services_bench import service  # noqa: E402

ROUNDS = 3
SECONDS = 3
CONNECTIONS = 32
WORKERS = 8
MIB = 1 << 20


def report(what, figure, wanted, good):
    print(f"{'ok ' if good else 'MISS'}  {what}: {figure} (wanted: {wanted})",
          flush=True)


def load(url, script=None, connections=CONNECTIONS):
    """Requests a second that wrk gets from url."""
    command = ["wrk", "-t2", f"-c{connections}", f"-d{SECONDS}"]
    if script:
        command += ["-s", script]
    output = subprocess.run(command + [url], check=True, text=True,
                            stdout=subprocess.PIPE).stdout
    assert "Non-2xx" not in output, output
    return float(re.search(r"Requests/sec:\s+([\d.]+)", output).group(1))


def compare(ours, theirs):
    """The median ratio of two measurements taken in turn, and of each."""
    pairs = [(ours(), theirs()) for _ in range(ROUNDS)]
    return (statistics.median(a / b for a, b in pairs),
            *(statistics.median(pair[i] for pair in pairs) for i in (0, 1)))


def small_queries():
    server = Server(workers=WORKERS)
    script = server.directory / "post.lua"
    script.write_text('wrk.method = "POST"\nwrk.body = '
                      '[[{"module":"countrycode","domain":"example.lu"}]]\n')

    def ours():
        server.responder.start()
        try:
            return load(server.url + "/query", script)
        finally:
            server.responder.stop()

    def bare():
        server.responder.socket.setblocking(True)  # ours has changed that
        process = subprocess.Popen([BUILD / "bench" / "bare", str(WORKERS)],
                                   stdin=server.responder.socket,
                                   start_new_session=True)
        try:
            return load(server.url + "/query", script)
        finally:
            os.killpg(process.pid, 15)
            process.wait()

    try:
        server.responder.stop()
        ratio, a, b = compare(ours, bare)
        report("small queries through nginx, of a bare libfcgi responder",
               f"{ratio:.2f} ({a:.0f}/s of {b:.0f}/s)", ">= 0.9",
               ratio >= 0.9)
    finally:
        server.close()


def module_list():
    server = Server(workers=WORKERS)
    port = free_port()
    try:
        (server.directory / "static").mkdir()
        (server.directory / "static" / "modules").write_bytes(
            server.get("/modules").content)
        (server.directory / "sites" / "static.conf").write_text(
            f"server {{ listen 127.0.0.1:{port};\n"
            f"root {server.directory}/static; }}\n")
        server.reload_web()
        ratio, a, b = compare(
            lambda: load(server.url + "/modules"),
            lambda: load(f"http://127.0.0.1:{port}/modules"))
        report("/modules through the cache, of the same bytes as a file",
               f"{ratio:.2f} ({a:.0f}/s of {b:.0f}/s)", ">= 0.8",
               ratio >= 0.8)
    finally:
        server.close()


def status(pid, field, path="status"):
    """A field of /proc/PID/status or smaps_rollup, in MiB."""
    text = open(f"/proc/{pid}/{path}").read()
    return int(re.search(rf"^{field}:\s+(\d+) kB", text, re.M).group(1)) / 1024


def idle_memory():
    server = Server(workers=64)
    try:
        workers = server.workers()
        pss = sum(status(pid, "Pss", "smaps_rollup") for pid in workers)
        report(f"{len(workers)} idle workers (one is the porter), PSS",
               f"{pss:.1f} MiB", "< 16 MiB", pss < 16)
    finally:
        server.close()


def start():
    server = Server(workers=WORKERS)
    try:
        times = []
        for _ in range(5):
            server.responder.stop()
            began = time.monotonic()
            process = subprocess.Popen(
                [PROGRAM, "serve", "--config", server.config_path],
                stdin=server.responder.socket, stderr=subprocess.DEVNULL)
            peer = fastcgi.connect(server.responder.path)
            peer.sendall(fastcgi.request(b"", "/modules", "GET"))
            answer = fastcgi.read_all(peer)
            times.append((time.monotonic() - began) * 1000)
            assert b"countrycode" in answer
            process.terminate()
            process.wait()
        median = statistics.median(times)
        report("from exec to the first /modules answer",
               f"{median:.0f} ms", "< 100 ms", median < 100)
    finally:
        server.close()


def large_import():
    server = Server(workers=1, max_request=256 * MIB, timeout=60,
                    max_memory=2048 * MIB)
    try:
        head = b'{"module":"testimport","event_id":3,"data":"'
        body = head + b"QUJD" * (16 * MIB) + b'"}'
        times = []
        for _ in range(3):
            began = time.monotonic()
            code, answer = server.query(body)
            times.append(time.monotonic() - began)
            assert code == 200 and answer["results"], answer
        peak = max(status(pid, "VmHWM") for pid in server.workers())
        line = server.wait_for_log("module=testimport")
        inside = float(re.search(r" ms=([\d.]+)", line).group(1)) / 1000
        report("an import of 64 MiB, a worker's peak memory",
               f"{peak / 64:.2f} times the body", "< 4", peak < 4 * 64)
        report("an import of 64 MiB, from nginx's client's view",
               f"{statistics.median(times):.2f} s, {inside:.2f} s of it in "
               "the worker", "< 1 s", statistics.median(times) < 1)
    finally:
        server.close()


def slow_queries():
    server = Server(workers=200, modules=["good_slow"], timeout=10)
    try:
        began = time.monotonic()
        with concurrent.futures.ThreadPoolExecutor(200) as pool:
            answers = list(pool.map(lambda _: server.ask("good_slow", "1"),
                                    range(200)))
        took = time.monotonic() - began
        assert all(answer["results"] for answer in answers)
        report("200 queries of one second on 200 workers", f"{took:.2f} s",
               "<= 1.5 s", took <= 1.5)
    finally:
        server.close()


def http_cost(seconds, rounds, requests, most):
    """Against a service that takes so long: at once is the hardest."""
    with service(seconds) as stub:
        lines = subprocess.run(
            [BUILD / "bench" / "http", stub.url, stub.ca_file, str(rounds),
             str(requests)],
            check=True, text=True, stdout=subprocess.PIPE).stdout.split("\n")
    pairs = [tuple(map(float, line.split())) for line in lines if line]
    ratio = statistics.median(sdk / bare for bare, sdk in pairs)
    sdk, bare = (statistics.median(pair[i] for pair in pairs)
                 / requests * 1000 for i in (1, 0))
    report(f"a request of {seconds} s through the SDK, of one through "
           "libcurl alone", f"{ratio:.3f} ({sdk:.3f} ms of {bare:.3f} ms)",
           f"< {most}", ratio < most)


def http_costs():
    http_cost(0.05, 5, 20, 1.05)
    http_cost(0, 15, 1000, 1.1)


def slow_service():
    """Queries that wait for a service, with connections that stay open."""
    with service(0.05) as stub:
        server = Server(workers=64, sections=stub.settings, timeout=10)
        script = server.directory / "post.lua"
        script.write_text(
            'wrk.method = "POST"\nwrk.body = [[{"module":"hashlookup",'
            '"attribute":{"type":"md5","uuid":'
            '"5c1c3f5e-0f2c-4f0e-9a53-5a1b0a0a0a07","value":'
            '"8ed4b4ed952526d89899e723f3488de4"}}]]\n')
        try:
            rate = load(server.url + "/query", script, 64)
            before = stub.connections()
            again = load(server.url + "/query", script, 64)
            opened = stub.connections() - before
            rate = max(rate, again)
            report("hashlookup queries with a service that takes 50 ms",
                   f"{rate:.0f}/s on 64 workers, {opened} new connections",
                   ">= 1000/s, connections used again",
                   rate >= 1000 and opened < 200)
        finally:
            server.close()


def files():
    files_bench.cage(report)
    files_bench.imports(report)


def python_modules():
    python_bench.throughput(report, load, compare)
    python_bench.among_hung_ones(report)


if __name__ == "__main__":
    assert children(os.getpid()) == []
    for measure in (start, idle_memory, large_import, slow_queries,
                    small_queries, module_list, http_costs,
                    slow_service, files, python_modules):
        measure()
