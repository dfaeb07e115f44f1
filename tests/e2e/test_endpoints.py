"""Every endpoint through every web server."""

import re
import time

import pytest

GETS = ("/modules", "/healthcheck", "/version", "/openapi.json", "/openapi",
        "/metrics")
METRIC = re.compile(r'^[a-z_]+(\{[a-z]+="[^"\\]*"(,[a-z]+="[^"\\]*")*\})? '
                    r"[-+0-9.eE]+$")


def etag(reply):
    """Without the mark that compression makes it weak."""
    return reply.headers["ETag"].removeprefix("W/")


@pytest.mark.parametrize("path", GETS)
def test_get_and_head(front, path):
    reply = front.get(path)
    assert reply.status_code == 200
    assert reply.content
    head = front.request("HEAD", path)
    assert head.status_code == 200
    assert head.content == b""
    assert head.headers["Content-Type"] == reply.headers["Content-Type"]


def test_what_is_cached_of_head_is_no_answer_to_get(server):
    time.sleep(2.1)  # what is in the cache is no longer fresh
    for method in ("HEAD", "HEAD", "GET", "GET"):
        reply = server.request(method, "/modules")
        time.sleep(0.1)
    assert reply.json()


@pytest.mark.parametrize("path", GETS)
def test_other_methods(front, path):
    for method in ("POST", "PUT", "DELETE"):
        reply = front.request(method, path, data=b"{}")
        assert reply.status_code == 405
        assert reply.headers["Allow"] == "GET, HEAD"
        assert "error" in reply.json()


def test_query_takes_post_alone(front):
    for method in ("GET", "PUT", "DELETE"):
        reply = front.request(method, "/query")
        assert reply.status_code == 405
        assert reply.headers["Allow"] == "POST"


@pytest.mark.parametrize("path", ["/", "/nothing", "/modules/", "/query/x",
                                  "/Modules", "/modules.json"])
def test_what_does_not_exist(front, path):
    reply = front.get(path)
    assert reply.status_code == 404
    assert "error" in reply.json()
    assert front.request("POST", path, data=b"{}").status_code == 404


def test_modules_are_known_by_their_etag(front):
    reply = front.get("/modules")
    assert reply.headers["Content-Type"].startswith("application/json")
    again = front.get("/modules", headers={"If-None-Match": etag(reply)})
    assert again.status_code == 304
    assert again.content == b""
    assert etag(again) == etag(reply)
    other = front.get("/modules", headers={"If-None-Match": '"other"'})
    assert other.status_code == 200


def test_healthcheck(front):
    answer = front.get("/healthcheck").json()
    workers = answer["workers"]
    assert answer["status"] is True
    assert workers["total"] == (1 if front.front == "fcgid"
                                else front.options["workers"])
    assert workers["idle"] + workers["busy"] == workers["total"]


def test_version(front):
    assert re.fullmatch(r"\d+\.\d+\.\d+",
                        front.get("/version").json()["version"])


def test_the_page_asks_no_other_host(front):
    reply = front.get("/openapi")
    assert reply.headers["Content-Type"].startswith("text/html")
    assert not re.search(r"""(src|href|action)\s*=\s*["']?(https?:)?//""",
                         reply.text)
    assert "default-src 'none'" in reply.headers["Content-Security-Policy"]


def test_every_reply_has_an_id_of_its_own(front):
    ids = {front.get(path).headers["X-Request-Id"]
           for path in (*GETS, *GETS, "/nothing")}
    assert len(ids) == 2 * len(GETS) + 1


def test_the_id_is_the_logs(front):
    reply = front.request("POST", "/query",
                          json={"module": "good_echo", "text": "x"})
    identity = reply.headers["X-Request-Id"]
    line = front.wait_for_log(f"id={identity}")
    assert "module=good_echo" in line
    crash = front.request("POST", "/query",
                          json={"module": "bad_null", "text": "x"})
    assert crash.headers["X-Request-Id"] not in ("", identity)


def metrics(front):
    reply = front.get("/metrics")
    assert reply.headers["Content-Type"].startswith("text/plain")
    assert "version=0.0.4" in reply.headers["Content-Type"]
    return reply.text.splitlines()


def test_metrics_are_prometheus_text(front):
    front.ask("good_echo")
    typed = set()
    for line in metrics(front):
        if line.startswith("# TYPE "):
            assert line.split()[2] not in typed
            typed.add(line.split()[2])
        elif not line.startswith("# HELP "):
            assert METRIC.match(line), line
            name = re.match("[a-z_]+", line)[0]
            assert {name, re.sub("_(bucket|sum|count)$", "", name)} & typed
    assert {"misp_modules_queries_total", "misp_modules_errors_total",
            "misp_modules_timeouts_total", "misp_modules_crashes_total",
            "misp_modules_cancellations_total",
            "misp_modules_violations_total", "misp_modules_query_seconds",
            "misp_modules_workers",
            "misp_modules_module_load_failures"} <= typed


def test_the_histogram_adds_up(front):
    buckets = [(float(match[1]), float(match[2])) for match in (
        re.match(r'misp_modules_query_seconds_bucket\{module="good_echo",'
                 r'le="([^"]+)"\} (\S+)', line)
        for line in metrics(front)) if match]
    assert buckets[-1][0] == float("inf")
    assert buckets == sorted(buckets)
    assert [count for _, count in buckets] == sorted(
        count for _, count in buckets)


def test_queries_and_errors_are_counted(server):
    def counts():
        return [server.metric(f"misp_modules_{name}", module="countrycode")
                for name in ("queries_total", "errors_total",
                             "query_seconds_count")]

    before = counts()
    server.query({"module": "countrycode", "hostname": "www.example.lu"})
    server.query({"module": "countrycode"})
    assert [after - was for was, after in zip(before, counts())] == [2, 1, 2]


def test_a_module_that_is_not_there(front):
    for name in ("nobody", "", "../x", "good_echo\n", "é" * 300):
        answer = front.ask(name)
        assert answer["error"] and answer["results"] == []
