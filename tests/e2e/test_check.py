"""check says what is in force and what is wrong; settings makes a file that
check accepts."""

import json
import re
import subprocess

import pytest

from server import MODULES, PROGRAM, ROOT


@pytest.fixture
def check(tmp_path):
    """Runs check on a configuration with these lines for the two sections."""
    path = tmp_path / "misp-modules.conf"

    def run(server="", plugin="", modules=MODULES):
        path.write_text(f'server {{\nmodules = "{modules}"\n{server}\n}}\n'
                        f"Plugin {{\n{plugin}\n}}\n")
        path.chmod(0o640)
        return subprocess.run([PROGRAM, "check", "--config", path],
                              capture_output=True, text=True, timeout=20)

    return run


def test_what_holds(check):
    result = check("workers = 3", "Enrichment_timeout = 9")
    assert (result.returncode, result.stderr) == (0, "")
    assert "  workers = 3\n" in result.stdout
    assert "  Enrichment_timeout = 9\n" in result.stdout
    assert f"  dns: loaded from {MODULES}/expansion/dns.so\n" in result.stdout
    assert result.stdout.endswith("The configuration holds.\n")


def test_what_is_off(check):
    result = check(plugin="Enrichment_dns_enabled = false\n"
                          "Export_services_enable = false")
    assert result.returncode == 0
    assert "  dns: off (Enrichment_dns_enabled = false)\n" in result.stdout
    assert "  liteexport: off (Export_services_enable = false)\n" \
        in result.stdout


def test_values_are_not_shown(check):
    result = check(plugin="Enrichment_dns_nameserver = 192.0.2.77\n"
                          "Enrichment_dns_nameserver_lock = true")
    assert result.returncode == 0
    assert "      nameserver: set, locked\n" in result.stdout
    assert "192.0.2.77" not in result.stdout + result.stderr


def test_all_errors_are_listed(check):
    result = check("workers = many\nwrokers = 1", "Enrichment_dns_enable = 1")
    assert result.returncode == 1
    for words in (":3: workers must be a whole number from 1 to 1024",
                  ":4: unknown setting wrokers, did you mean workers?",
                  ":7: unknown setting Enrichment_dns_enable, did you mean "
                  "Enrichment_dns_enabled?", "3 errors: "):
        assert words in result.stderr


def test_module_that_cannot_be_loaded_is_no_error(check, tmp_path):
    folder = tmp_path / "modules" / "expansion"
    folder.mkdir(parents=True)
    (folder / "text.so").write_text("no plugin")
    result = check(plugin="Enrichment_text_apikey = x",
                   modules=tmp_path / "modules")
    assert result.returncode == 0
    assert f"  {folder}/text.so: it cannot be loaded: " in result.stdout
    assert "of modules that could not be loaded: Enrichment_text_apikey" \
        in result.stdout


def test_modules_that_are_not_there(check):
    result = check(modules="/no/such/directory")
    assert result.returncode == 1
    assert "/no/such/directory" in result.stderr


def test_shipped_configuration_shows_the_defaults(check, tmp_path):
    """It holds as it is, and changes nothing when every setting is set."""
    shipped = (ROOT / "conf" / "misp-modules.conf").read_text()
    every = re.sub(r"(?m)^(\t*)# (\w+ = )", r"\1\2", shipped)
    assert every.count(" = ") > 20
    folder = tmp_path / "conf.d"
    folder.mkdir()
    expected = check()
    for text in (shipped, every.replace('modules = ""', "")):
        (folder / "shipped.conf").write_text(text)
        result = check()
        assert result.returncode == 0, result.stderr
        assert result.stdout == expected.stdout


def test_settings_make_a_file_that_holds(check, tmp_path):
    settings = [
        {"setting": "MISP.baseurl", "value": "https://misp.example.org"},
        {"setting": "Plugin.Enrichment_services_enable", "value": True},
        {"setting": "Plugin.Enrichment_services_url", "value": "http://x"},
        {"setting": "Plugin.Enrichment_dns_nameserver", "value": "192.0.2.1"},
        {"setting": "Plugin.Enrichment_other_apikey", "value": "a\"b\n"},
    ]
    check()  # writes the configuration, which says where the modules are
    made = subprocess.run(
        [PROGRAM, "settings", "--config", tmp_path / "misp-modules.conf"],
        input=json.dumps(settings), capture_output=True, text=True,
        timeout=20)
    assert made.returncode == 0, made.stderr
    folder = tmp_path / "conf.d"
    folder.mkdir()
    (folder / "plugin.conf").write_text(made.stdout)
    (folder / "plugin.conf").chmod(0o600)
    result = check()
    assert result.returncode == 0, result.stderr
    assert "      nameserver: set\n" in result.stdout


def test_an_option_of_query_comes_before_the_module(tmp_path):
    for late in (["--config", "x"], ["--config=x"], ["--sett", "a=b"]):
        made = subprocess.run(
            [PROGRAM, "query", "countrycode", *late, "domain=example.lu"],
            capture_output=True, text=True, timeout=20)
        assert made.returncode != 0
        assert f"{late[0]} is no option of a query" in made.stderr


def test_settings_are_made_although_the_configuration_is_broken(check,
                                                                tmp_path):
    check("workerz = 3")
    made = subprocess.run(
        [PROGRAM, "settings", "--config", tmp_path / "misp-modules.conf"],
        input=json.dumps([{"setting": "Plugin.Enrichment_dns_nameserver",
                           "value": "192.0.2.1"}]),
        capture_output=True, text=True, timeout=20)
    assert made.returncode == 0
    assert re.search(r"(?m)^\s*Enrichment_dns_nameserver\b", made.stdout)


def test_settings_are_written_for_few(tmp_path):
    path = tmp_path / "plugin.conf"
    with path.open("w") as file:
        path.chmod(0o644)
        subprocess.run([PROGRAM, "settings"], stdout=file, text=True,
                       input='[{"setting": "Plugin.x", "value": ""}]',
                       check=True, timeout=20)
    assert path.stat().st_mode & 0o777 == 0o640


def test_settings_that_are_no_json_are_not_quoted():
    made = subprocess.run([PROGRAM, "settings"], text=True, timeout=20,
                          input='[{"setting": "a", "value": hidden}]',
                          capture_output=True)
    assert made.returncode == 1
    assert "line 1" in made.stderr and "hidden" not in made.stderr


def test_a_file_needs_its_option():
    result = subprocess.run([PROGRAM, "check", "other.conf"], text=True,
                            capture_output=True, timeout=20)
    assert result.returncode == 1
    assert '"other.conf" is one word too many' in result.stderr
