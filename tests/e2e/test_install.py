"""make install: everything in its place, and it works from there."""

import json
import subprocess

import pytest

from server import BUILD, ROOT, SANITIZED


def make_install(directory, *variables, build=BUILD):
    subprocess.run(["make", "-s", "-j2", "-C", ROOT, f"BUILD={build}",
                    "install", f"DESTDIR={directory}", *variables],
                   check=True, stdout=subprocess.DEVNULL)


def test_the_usual_places(tmp_path):
    make_install(tmp_path)
    for path in ("usr/lib/cgi-bin/misp-modules.fcgi",
                 "usr/lib/misp-modules/expansion/dns.so",
                 "usr/lib/misp-modules/action_mod/testaction.so",
                 "usr/lib/misp-modules/python/pool.py",
                 "usr/lib/systemd/system/misp-modules.service",
                 "usr/lib/systemd/system/misp-modules.socket",
                 "usr/lib/sysusers.d/misp-modules.conf",
                 "usr/include/misp-module.h",
                 "etc/misp-modules/nginx/http.conf",
                 "etc/misp-modules/apache/settings.conf"):
        assert (tmp_path / path).is_file(), path
    config = tmp_path / "etc/misp-modules/misp-modules.conf"
    assert config.stat().st_mode & 0o777 == 0o640
    # What an administrator has changed survives the next installation.
    tls = tmp_path / "etc/misp-modules/nginx/tls.conf"
    shipped = tls.read_text()
    for file in (config, tls):
        file.write_text(file.read_text() + "# mine\n")
    make_install(tmp_path)
    for file in (config, tls):
        assert file.read_text().endswith("# mine\n")
    assert tls.with_name("tls.conf.new").read_text() == shipped
    assert len(list(tmp_path.rglob("*.new"))) == 2


def test_what_is_installed_works(tmp_path):
    make_install(tmp_path)
    config = tmp_path / "here.conf"
    config.write_text(
        f'server {{ modules = "{tmp_path}/usr/lib/misp-modules" }}\n')
    answer = subprocess.run(
        [tmp_path / "usr/lib/cgi-bin/misp-modules.fcgi", "query", "--config",
         tmp_path / "etc/misp-modules/misp-modules.conf", "--config", config,
         "countrycode", "domain=example.lu"],
        check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert json.loads(answer.stdout)["results"][0]["values"] == ["Luxembourg"]


@pytest.mark.skipif(SANITIZED, reason="what it builds has no sanitizer")
def test_other_places_are_put_into_all_of_it(tmp_path):
    make_install(tmp_path, "PREFIX=/opt/modules", "SYSCONFDIR=/opt/etc",
                 "CFLAGS=-O0", build=tmp_path / "build")
    program = "/opt/modules/lib/cgi-bin/misp-modules.fcgi"
    unit = tmp_path / "opt/modules/lib/systemd/system/misp-modules.service"
    settings = (tmp_path / "opt/etc/apache/settings.conf").read_text()
    assert f"ExecStart={program}" in unit.read_text()
    assert program in settings
    assert "/opt/etc/misp-modules.conf" in settings
    assert "/etc/misp-modules/" not in settings
    usage = subprocess.run([f"{tmp_path}{program}", "--help"], check=True,
                           stdout=subprocess.PIPE, text=True).stdout
    assert "/opt/etc/misp-modules.conf" in usage
