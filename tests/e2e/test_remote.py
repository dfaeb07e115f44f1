"""Other module servers behind this one."""

import concurrent.futures
import json
import os
import socket
import subprocess
import time

import pytest

from certificates import Authority
from module_server import ModuleServer, entry
from server import PROGRAM, free_port, wait_for

ANSWERS = {
    "far_echo": "echo", "far_false": False, "far_null": None,
    "far_text": "only words", "far_list": [1, {"a": "ä"}],
    "far_error": {"error": "It has no such thing"},
    "far_500": 500, "far_rubbish": b"<html>", "far_hang": "hang",
    "far_nul": {"results": "a\0b"}, "far_odd": {"results": {"Object": [{"name": "of its own"}]}},
    "far_two": "echo", "countrycode": {"results": "theirs"},
}


@pytest.fixture(scope="module")
def far():
    made = ModuleServer(dict(ANSWERS))
    made.settings["far_two"] = ("apikey", "region")
    yield made
    made.stop()


def section(name, *urls, more=""):
    listed = ", ".join(f'"{url}"' for url in urls)
    return f"remote {name} {{\n\turl = {{ {listed} }}\n\t{more}\n}}\n"


def names(server):
    return [module["name"] for module in server.get("/modules").json()]


@pytest.fixture(autouse=True)
def password(monkeypatch):
    monkeypatch.setenv("DMZ_PASSWORD", "pass word")


def start(serve, tmp_path, sections, wanted="far_echo", **options):
    server = serve(config=f'cache = "{tmp_path}/cache"', sections=sections,
                   **options)
    if wanted:
        wait_for(lambda: wanted in names(server), 10, "its modules")
    return server


@pytest.fixture(scope="module")
def near(far, tmp_path_factory):
    """One that takes all of its modules, and the settings of one."""
    from server import Server
    path = tmp_path_factory.mktemp("near")
    server = Server(config=f'cache = "{path}/cache"', workers=16,
                    sections=section("dmz", far.url, more="timeout = 2"),
                    plugin="Enrichment_far_echo_apikey = of_the_file\n"
                           "Enrichment_far_two_apikey = of_the_file\n"
                           "Enrichment_far_odd_apikey = locked\n"
                           "Enrichment_far_odd_apikey_lock = true\n")
    try:
        wait_for(lambda: "far_echo" in names(server), 10, "its modules")
        yield server
    finally:
        server.close()


def ask(server, module, **more):
    reply = server.request("POST", "/query", json={
        "module": module, "domain": "a.test", **more})
    assert reply.status_code == 200
    return reply.json()


def check(server):
    return subprocess.run([PROGRAM, "check", "--config", server.config_path],
                          capture_output=True, text=True).stdout


def test_its_modules_stand_beside_ours(near):
    told = {module["name"]: module for module in near.get("/modules").json()}
    assert told["far_echo"] == entry("far_echo")
    assert told["countrycode"]["meta"]["author"] != "far away"
    assert ask(near, "countrycode") != {"results": "theirs"}


def test_settings_of_the_file_are_sent(near, far):
    def sent(**config):
        answer = ask(near, "far_echo", config=config)
        return json.loads(answer["results"][0]["values"][0])
    assert sent(apikey=None) == {"module": "far_echo", "domain": "a.test",
                                 "config": {"apikey": "of_the_file"}}
    assert sent(apikey="mine", more=1)["config"] == {"apikey": "mine",
                                                     "more": 1}
    ask(near, "far_odd", config={"apikey": "mine"})
    assert far.queries[-1]["config"] == {"apikey": "locked"}
    ask(near, "far_false", config={"apikey": None})
    assert far.queries[-1]["config"] == {"apikey": None}


def test_config_is_whole_or_as_it_was(near, far):
    """Modules take any config for a whole one: MISP sends all names."""
    def sent(module, **more):
        ask(near, module, **more)
        return far.queries[-1].get("config", "none")
    assert sent("far_false") == "none"
    assert sent("far_false", config=[]) == []
    assert sent("far_false", config={}) == {}
    whole = {"apikey": "of_the_file", "region": None}
    assert sent("far_two") == whole
    assert sent("far_two", config=[]) == whole
    assert sent("far_two", config={"apikey": ""}) == {"apikey": "of_the_file"}


@pytest.mark.parametrize("module", ["far_false", "far_null", "far_text",
                                    "far_list", "far_nul", "far_odd"])
def test_an_answer_is_handed_on_as_it_is(near, module):
    assert ask(near, module) == ANSWERS[module]


@pytest.mark.parametrize("module, words", [
    ("far_error", "It has no such thing"),
    ("far_500", "The module server dmz answered 500"),
    ("far_rubbish", "The module server dmz answered something that is not "
                    "JSON."),
    ("far_hang", "The module server dmz cannot answer: 127.0.0.1 did not "
                 "answer in time"),
])
def test_errors_have_our_shape(near, module, words):
    began = time.monotonic()
    answer = ask(near, module)
    assert time.monotonic() - began < 3
    assert words in answer["error"] and answer["results"] == []
    line = near.wait_for_log("event=query", f"module={module}")
    assert "status=failed" in line and " ms=" in line


def test_what_is_known_of_it(near, far):
    assert near.get("/healthcheck").json()["remotes"] == {"dmz": True}
    assert 'misp_modules_remote_up{remote="dmz"} 1' in near.get(
        "/metrics").text
    text = check(near)
    assert f"url = {far.url}\n      up, {len(ANSWERS)} modules" in text
    assert f"modules: {len(ANSWERS) - 1} of {len(ANSWERS)}" in text


def test_a_start_waits_for_nobody(serve, tmp_path):
    """What it told once is there though it is down, and queries say why."""
    far = ModuleServer({"far_echo": "echo"})
    sections = section("dmz", far.url)
    start(serve, tmp_path, sections).close()
    far.stop()
    began = time.monotonic()
    server = start(serve, tmp_path, sections, wanted=None)
    assert time.monotonic() - began < 3
    assert "far_echo" in names(server)
    answer = ask(server, "far_echo")
    assert answer == {"error": "The module server dmz cannot answer: cannot "
                               "connect to 127.0.0.1: Connection refused",
                      "results": []}
    wait_for(lambda: server.get("/healthcheck").json()["remotes"] ==
             {"dmz": False}, 5, "it to be known")
    assert "down: dmz: cannot connect" in check(server)
    assert 'misp_modules_remote_up{remote="dmz"} 0' in server.get(
        "/metrics").text
    far.start()
    assert "results" in ask(server, "far_echo")
    wait_for(lambda: server.get("/healthcheck").json()["remotes"] ==
             {"dmz": True}, 10, "it to be up again")
    far.stop()


def test_a_change_is_taken_in(serve, tmp_path):
    far = ModuleServer({"far_echo": "echo"})
    sections = section("dmz", far.url)
    server = start(serve, tmp_path, sections)
    far.answers["far_new"] = "echo"
    far.names.append("far_new")
    # At a reload it is asked at once, else every minute.
    server.reload()
    wait_for(lambda: "far_new" in names(server), 10, "the new module")
    assert "results" in ask(server, "far_new")
    far.stop()


def test_urls_share_and_take_over(serve, tmp_path):
    one, two = (ModuleServer({"far_echo": "echo"}) for _ in range(2))
    server = start(serve, tmp_path, section("dmz", one.url, two.url))
    for _ in range(20):
        ask(server, "far_echo")
    assert len(one.queries) == len(two.queries) == 10
    one.stop()
    for _ in range(20):
        assert ask(server, "far_echo")["results"]
    assert len(two.queries) == 30
    two.stop()


def test_a_hung_server_holds_its_workers_alone(serve, tmp_path, far):
    server = start(serve, tmp_path, section(
        "dmz", far.url, more="timeout = 3\nmax_workers = 2"), workers=8)
    with concurrent.futures.ThreadPoolExecutor(40) as threads:
        hung = [threads.submit(ask, server, "far_hang") for _ in range(40)]
        time.sleep(0.5)
        assert 'misp_modules_remote_queries{remote="dmz"} 2' in server.get(
            "/metrics").text
        for _ in range(20):
            began = time.monotonic()
            assert ask(server, "testexport") is not None
            assert time.monotonic() - began < 0.5
        errors = [query.result()["error"] for query in hung]
    assert sum("did not answer in time" in error for error in errors) >= 2
    assert all("in time" in error or "is busy with 2 queries" in error
               for error in errors)


def test_a_server_that_swallows_all(serve, tmp_path):
    """The connection is there, and nothing comes: the network between is
    gone."""
    silent = socket.socket()
    silent.bind(("127.0.0.1", 0))
    silent.listen(50)
    lists = tmp_path / "cache" / "lists"
    lists.mkdir(parents=True)
    (lists / "remote-dmz.json").write_text(json.dumps(
        {"modules": [entry("far_echo")]}))
    port = silent.getsockname()[1]
    server = start(serve, tmp_path, section(
        "dmz", f"http://127.0.0.1:{port}", more="timeout = 2"))
    began = time.monotonic()
    assert "in time" in ask(server, "far_echo")["error"]
    assert 1.5 < time.monotonic() - began < 3
    server.reload()
    assert "results" in ask(server, "testimport", data="eA==")
    silent.close()


def test_tls_and_a_password(serve, tmp_path):
    authority = Authority(tmp_path)
    authority.issue("far", ["127.0.0.1"])
    far = ModuleServer({"far_echo": "echo"}, password="misp:pass word",
                       certificate=(tmp_path / "far.pem",
                                    tmp_path / "far.key"))
    server = start(serve, tmp_path, section(
        "dmz", far.url, more=f'ca_file = "{authority.ca_file}"\n'
                             'user = misp\npassword = "${DMZ_PASSWORD}"')
        + section("stranger", far.url), wanted="far_echo")
    assert ask(server, "far_echo")["results"]
    text = check(server)
    assert "the certificate of 127.0.0.1 is not trusted" in text
    assert "pass word" not in text + "\n".join(server.log)
    far.stop()


def test_theirs_is_preferred_when_it_is_named(serve, tmp_path, far):
    server = start(serve, tmp_path, section(
        "dmz", far.url, more='modules = { countrycode, "far_e*" }\n'
                             "prefer = remote"))
    assert ask(server, "countrycode") == {"results": "theirs"}
    assert "far_hang" not in names(server)


def test_a_list_of_rubbish_harms_nothing(serve, tmp_path):
    far = ModuleServer({})
    far.names = []
    server = start(serve, tmp_path, section("dmz", far.url), wanted=None)
    count = len(names(server))
    lists = tmp_path / "cache" / "lists"
    wait_for(lambda: (lists / "remote-dmz.json").exists(), 5, "its list")
    for text in ("{", "[]", '{"modules": [7, {"name": "../x"}]}'):
        (lists / "new").write_text(text)
        os.rename(lists / "new", lists / "remote-dmz.json")
        server.reload()
        assert len(names(server)) == count
    far.stop()


def test_a_cache_that_cannot_be_written(serve, tmp_path):
    (tmp_path / "file").write_text("")
    server = serve(config=f'cache = "{tmp_path}/file/cache"', sections=section(
        "dmz", f"http://127.0.0.1:{free_port()}"))
    server.wait_for_log("cannot keep what module servers", "Not a directory")
    assert ask(server, "testimport", data="eA==")["results"]


def test_what_has_changed_while_it_was_down_is_taken_in(serve, tmp_path):
    """Without a reload by anybody, and no query is lost in it."""
    far = ModuleServer({"far_echo": "echo"})
    server = start(serve, tmp_path, section("dmz", far.url))
    far.stop()
    server.reload()  # it is asked, and then looked after every 5 s
    wait_for(lambda: server.get("/healthcheck").json()["remotes"] ==
             {"dmz": False}, 10, "it to be known")
    far.answers["far_new"] = "echo"
    far.names = ["far_new"]
    far.start()

    def taken_in():
        assert "error" not in ask(server, "countrycode", domain="a.lu")
        return "far_new" in names(server)

    wait_for(taken_in, 15, "the new module")
    assert "far_echo" not in names(server)
    assert "results" in ask(server, "far_new")
    far.stop()


def test_a_proxy_that_only_one_remote_has(serve, tmp_path):
    proxy = ModuleServer({"far_echo": "echo"})
    far = ModuleServer({"far_direct": "echo"})
    server = start(serve, tmp_path, section(
        "behind", "http://far.example.test:81",
        more=f'proxy = "{proxy.url}"') + section("dmz", far.url))
    wait_for(lambda: "far_direct" in names(server), 10, "those of the other")
    assert ask(server, "far_echo")["results"]
    assert ask(server, "far_direct")["results"]
    assert set(proxy.paths) == {"http://far.example.test:81/modules",
                                "http://far.example.test:81/query"}
    assert set(far.paths) == {"/modules", "/query"}
    assert len(far.queries) == len(proxy.queries) == 1
    for made in (proxy, far):
        made.stop()


def test_large_queries_and_answers_pass(serve, tmp_path):
    far = ModuleServer({"far_echo": "echo"})
    server = start(serve, tmp_path, section("dmz", far.url),
                   max_request=16 << 20, timeout=20)
    data = "QUJD" * (2 << 20)
    answer = ask(server, "far_echo", data=data)
    assert json.loads(answer["results"][0]["values"][0])["data"] == data
    far.stop()


@pytest.mark.parametrize("lines, line, words", [
    (["remote dmz {", "url = \"ftp://a.test\"", "}"], 2, "url"),
    (["remote dmz {", "url = \"http://a.test\"", "ulr = \"x\"", "}"], 3,
     "ulr"),
    (["remote dmz {", "url = \"http://a.test\"", "prefer = theirs", "}"], 3,
     "prefer must be local or remote"),
    (["remote dmz {", "url = \"http://a.test\"", "timeout = soon", "}"], 3,
     "timeout must be a whole number"),
    (["remote dmz {", "url = \"http://a.test\"", "ca_file = \"/no/such\"",
      "}"], 3, "/no/such"),
    (["remote d/z {", "url = \"http://a.test\"", "}"], 2, "name of a remote"),
    (["remote {", "url = \"http://a.test\"", "}"], 1, "has no name"),
])
def test_wrong_sections_are_told_with_their_line(tmp_path, lines, line, words):
    path = tmp_path / "misp-modules.conf"
    path.write_text("\n".join(lines) + "\n")
    path.chmod(0o640)
    result = subprocess.run([PROGRAM, "check", "--config", path],
                            capture_output=True, text=True, timeout=20)
    assert result.returncode == 1
    assert any(f"{path}:{line}: " in told and words in told
               for told in result.stderr.splitlines()), result.stderr
