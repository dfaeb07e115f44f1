"""The blocks for other machines and for MISP's own virtual host."""

import pytest
import requests

from server import FRONTS, Server

LOGIN = ("misp", "secret")


@pytest.fixture(scope="module", params=FRONTS)
def remote(request):
    instance = Server(request.param, workers=4, modules=("good_echo",),
                      tls=True, prefix=True)
    instance.certificate = str(instance.directory / "tls.pem")
    instance.tls_url = f"https://127.0.0.1:{instance.tls_port}"
    instance.prefix_url = f"http://127.0.0.1:{instance.prefix_port}"
    yield instance
    instance.close()


def tls(remote, path, **options):
    options.setdefault("verify", remote.certificate)
    return requests.get(remote.tls_url + path, timeout=10, **options)


def test_without_a_password_nothing_is_told(remote):
    for path in ("/modules", "/query", "/healthcheck", "/metrics", "/"):
        reply = tls(remote, path)
        assert reply.status_code == 401
        assert reply.headers["WWW-Authenticate"].startswith("Basic")
    assert tls(remote, "/modules", auth=("misp", "x")).status_code == 401


def test_with_a_password(remote):
    assert tls(remote, "/modules", auth=LOGIN).json()
    reply = requests.post(remote.tls_url + "/query", auth=LOGIN, timeout=10,
                          verify=remote.certificate,
                          json={"module": "good_echo", "text": "far away"})
    assert reply.json()["results"][0]["values"] == ["far away"]
    assert remote.wait_for_log("user=misp", "module=good_echo")


def test_answers_are_compressed_and_keep_their_etag(remote):
    reply = tls(remote, "/modules", auth=LOGIN)
    assert reply.headers["Content-Encoding"] == "gzip"
    again = tls(remote, "/modules", auth=LOGIN, headers={
        "If-None-Match": reply.headers["ETag"]})
    assert again.status_code == 304


def test_the_loopback_believes_no_name(remote):
    if remote.front != "nginx":
        return  # Apache knows no user where it asks for no password
    remote.request("POST", "/query", auth=("admin", "x"),
                   json={"module": "good_echo", "text": "x"})
    assert not [line for line in remote.log if "user=admin" in line]


def test_below_misps_own_name(remote):
    url = f"{remote.prefix_url}/mm:443"
    assert requests.get(url + "/modules", timeout=10).status_code == 401
    reply = requests.get(url + "/modules", auth=LOGIN, timeout=10)
    assert "good_echo" in reply.text
    reply = requests.post(url + "/query", auth=LOGIN, timeout=10,
                          json={"module": "good_echo", "text": "prefix"})
    assert reply.json()["results"][0]["values"] == ["prefix"]


def test_below_misps_own_name_a_lost_query_is_told_so(serve):
    server = serve(workers=1, prefix=True, tls=True)
    server.responder.close()
    reply = requests.post(
        f"http://127.0.0.1:{server.prefix_port}/mm:443/query", auth=LOGIN,
        timeout=10, json={"module": "dns"})
    assert reply.status_code == 200
    assert "does not answer" in reply.json()["error"]


@pytest.mark.parametrize("path", ["/modules", "/query", "/mm:443/metrics",
                                  "/mm:/modules", "/mm:443/modules/x"])
def test_all_else_belongs_to_misp(remote, path):
    reply = requests.get(remote.prefix_url + path, auth=LOGIN, timeout=10)
    assert reply.text == "MISP's own"


def test_a_client_certificate_is_as_good_as_a_password(remote):
    if remote.front == "nginx":
        path = remote.directory / "misp-modules" / "tls.conf"
        path.write_text(path.read_text().replace("\t#ssl_", "\tssl_"))
        remote.reload_web()
    certificate = (remote.certificate, str(remote.directory / "tls.key"))
    assert tls(remote, "/modules").status_code == 401
    assert tls(remote, "/modules", cert=certificate).json()
    reply = requests.post(remote.tls_url + "/query", cert=certificate,
                          verify=remote.certificate, timeout=10,
                          json={"module": "good_echo", "text": "x"})
    assert reply.json()["results"]
    assert remote.wait_for_log("user=", "CN=localhost")


def test_a_flood_from_one_address_is_stopped(remote):
    if remote.front != "nginx":
        return
    with requests.Session() as session:
        codes = {session.get(remote.tls_url + "/version", auth=LOGIN,
                             verify=remote.certificate,
                             timeout=10).status_code for _ in range(600)}
    assert codes == {200, 429}
