"""The real thing in a temporary directory: responder and web server.

A Server is one of three FRONTS: the responder behind nginx, behind Apache's
mod_proxy_fcgi, or started by Apache's mod_fcgid. The web servers load the
files of nginx/ and apache/ themselves.
"""

import contextlib
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time

import requests

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("BUILD", ROOT / "build")).resolve()
PROGRAM = pathlib.Path(
    os.environ.get("PROGRAM", BUILD / "misp-modules.fcgi")).resolve()
MODULES = pathlib.Path(os.environ.get("MODULES", BUILD / "modules")).resolve()
TEST_MODULES = BUILD / "tests" / "modules"
# The sanitizers reserve more address space than any limit of memory allows.
SANITIZED = PROGRAM.exists() and b"__asan_init" in PROGRAM.read_bytes()
# To the responder mod_proxy_fcgi is as nginx.
FRONTS = ("nginx", "fcgid") if SANITIZED else ("nginx", "proxy_fcgi", "fcgid")
DEADLINE = 2  # seconds, in the configurations made here

APACHE_MODULES = """mpm_event authn_core authn_file auth_basic authz_core
    authz_host authz_user alias env setenvif filter deflate unique_id proxy
    proxy_fcgi fcgid ssl socache_shmcb rewrite""".split()


def wait_for(condition, seconds=10, what="condition"):
    """The first true value of condition(), asked for every 20 ms."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"waited {seconds} s in vain for {what}")
        time.sleep(0.02)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def children(pid):
    """The processes whose parent is pid."""
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        path = f"/proc/{pid}/task/{pid}/children"
        return [int(child) for child in open(path).read().split()]
    return []


def alive(pid):
    """Whether the process is there and no zombie."""
    try:
        stat = open(f"/proc/{pid}/stat").read()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return stat.rsplit(")", 1)[1].split()[0] != "Z"


def stop(process, seconds=10):
    """Ends a process that was started here."""
    if process.poll() is None:
        process.terminate()
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        raise


class Responder:
    """The manager and its workers on a socket that this object holds, so
    that a restart finds the same one."""

    def __init__(self, directory, config, workers):
        self.path = directory / "responder.sock"
        self.log_path = directory / "responder.log"
        self.config = config
        self.workers_wanted = workers
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.bind(str(self.path))
        os.chmod(self.path, 0o666)
        self.socket.listen(4096)
        self.process = None

    def start(self):
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(
                [PROGRAM, "serve", "--config", self.config,
                 "--workers", str(self.workers_wanted)],
                stdin=self.socket, stdout=log, stderr=log,
                start_new_session=True)
        wait_for(lambda: len(self.workers()) >= self.workers_wanted
                 or self.process.poll() is not None, what="the workers")
        assert self.process.poll() is None, self.log_path.read_text()

    @property
    def pid(self):
        return self.process.pid

    def workers(self):
        return children(self.process.pid)

    def stop(self):
        if self.process:
            stop(self.process)

    def close(self):
        # Whatever a test has done to the manager, its workers go too.
        workers = self.workers() if self.process else []
        try:
            self.stop()
        finally:
            self.socket.close()
            for pid in workers:
                with contextlib.suppress(ProcessLookupError):
                    if alive(pid):
                        os.kill(pid, signal.SIGKILL)


class Server:
    """What a test talks to."""

    def __init__(self, front="nginx", workers=8, config="", plugin="",
                 modules=(), max_request=1 << 20, timeout=DEADLINE,
                 max_memory=512 << 20, tls=False, prefix=False,
                 module_files=None, sections=""):
        self.front = front
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="mm-"))
        os.chmod(self.directory, 0o755)  # Apache's children are www-data
        self.port = free_port()
        self.tls_port = free_port() if tls else None
        self.prefix_port = free_port() if prefix else None
        self.url = f"http://127.0.0.1:{self.port}"
        self.modules_path = self.directory / "modules"
        self.config_path = self.directory / "misp-modules.conf"
        self.options = {"workers": workers, "timeout": timeout,
                        "max_request": max_request,
                        "max_memory": 0 if SANITIZED else max_memory}
        self.sections = sections
        self.responder = None
        self.web = None
        try:
            self._copy_modules(modules, module_files or {})
            self.configure(config, plugin)
            self._start(workers)
        except BaseException:
            self.close()
            raise

    # ---- Setting up ----

    def _copy_modules(self, extra, files):
        """The installed set, and of the tests' own modules those named."""
        shutil.copytree(MODULES, self.modules_path,
                        ignore=shutil.ignore_patterns("*.d"))
        for name in extra:
            shutil.copy(TEST_MODULES / "expansion" / f"{name}.so",
                        self.modules_path / "expansion")
        for name, content in files.items():
            (self.modules_path / "expansion" / name).write_bytes(content)

    def add_module(self, name):
        """As an administrator would: the file appears whole."""
        target = self.modules_path / "expansion" / f"{name}.so"
        shutil.copy(TEST_MODULES / "expansion" / f"{name}.so",
                    f"{target}.new")
        os.rename(f"{target}.new", target)

    def configure(self, config="", plugin=""):
        """Writes the configuration: further lines for server and Plugin,
        and the further sections."""
        options = "".join(f"\t{name} = {value}\n"
                          for name, value in self.options.items())
        self.config_path.write_text(
            f'server {{\n{options}\tmodules = "{self.modules_path}"\n'
            f'\tlog = "stderr"\n\t{config}\n}}\n'
            f"Plugin {{\n{plugin}\n}}\n{self.sections}")
        # Apache's children read it as another user; secrets stay out of it,
        # or in the group's hands.
        os.chmod(self.config_path, 0o640 if "apikey" in plugin else 0o644)
        if os.geteuid() == 0:
            shutil.chown(self.config_path, group="www-data")

    def _start(self, workers):
        if self.front != "fcgid":
            self.responder = Responder(self.directory, self.config_path,
                                       workers)
            self.responder.start()
        if self.front == "nginx":
            self._start_nginx()
        else:
            self._start_apache()
        wait_for(self._answers, what=f"{self.front} to answer")

    def _answers(self):
        if self.web.poll() is not None:
            raise AssertionError(self.web_log())
        with contextlib.suppress(requests.RequestException):
            return self.get("/healthcheck").status_code == 200

    def _start_nginx(self):
        if self.tls_port:
            self.make_certificate()
        command = [ROOT / "nginx" / "prepare.sh", self.directory,
                   self.responder.path, str(self.port)]
        if self.tls_port:
            command.append(str(self.tls_port))
        subprocess.run(command, check=True)
        if self.prefix_port:
            (self.directory / "sites" / "misp.conf").write_text(
                f"server {{ listen 127.0.0.1:{self.prefix_port};\n"
                f"root {self.make_misp()};\n"
                "location / { try_files $uri /index.html; }\n"
                "include misp-modules/prefix.conf; }\n")
        self._run_web(["nginx", "-e", "stderr", "-p", self.directory,
                       "-c", self.directory / "nginx.conf",
                       "-g", "user root;" if os.geteuid() == 0 else ""])

    def _start_apache(self):
        directory = self.directory
        (directory / "misp-modules").symlink_to(ROOT / "apache")
        program = directory / "misp-modules.fcgi"
        if self.front == "fcgid":
            shutil.copy(PROGRAM, program)
        if self.tls_port:
            self.make_certificate()
        settings = {
            "WAY": self.front, "PROGRAM": program, "PORT": self.port,
            "SOCKET": self.responder.path if self.responder else "none",
            "CONFIG": self.config_path, "TLS_PORT": self.tls_port,
            "CERTIFICATE": directory / "tls.pem",
            "KEY": directory / "tls.key",
            "PASSWORDS": directory / "htpasswd",
        }
        lines = [f"LoadModule {name}_module "
                 f"/usr/lib/apache2/modules/mod_{name}.so"
                 for name in APACHE_MODULES]
        lines += [
            f'ServerRoot "{directory}"', f'DefaultRuntimeDir "{directory}"',
            f'PidFile "{directory}/httpd.pid"', "ErrorLog /dev/stderr",
            "Mutex pthread", "ServerName localhost",
            f'FcgidIPCDir "{directory}/fcgid"', "StartServers 1",
            f'FcgidProcessTableFile "{directory}/fcgid_shm"',
            # More threads at once than any test has queries.
            "ThreadsPerChild 64", "MaxRequestWorkers 320", "ServerLimit 5",
            f'DocumentRoot "{directory}/modules"',
            # As Debian has it.
            '<Directory "/">', "AllowOverride None", "Require all denied",
            "</Directory>",
        ]
        if os.geteuid() == 0:
            lines += ["User www-data", "Group www-data"]
        lines += [f"Define MISP_MODULES_{name} {value}"
                  for name, value in settings.items() if value]
        if self.tls_port:
            lines.append(f"Define MISP_MODULES_CLIENTS {directory}/tls.pem")
        lines += ["Include misp-modules/settings.conf",
                  "Include misp-modules/loopback.conf"]
        if self.tls_port:
            lines.append("Include misp-modules/tls.conf")
        if self.prefix_port:
            lines += [f"Listen 127.0.0.1:{self.prefix_port}",
                      f"<VirtualHost 127.0.0.1:{self.prefix_port}>",
                      f'DocumentRoot "{self.make_misp()}"',
                      f'<Directory "{directory}/misp">', "AllowOverride All",
                      "Require all granted", "</Directory>",
                      "Include misp-modules/prefix.conf", "</VirtualHost>"]
        (directory / "httpd.conf").write_text("\n".join(lines) + "\n")
        self._run_web(["apache2", "-D", "FOREGROUND", "-d", directory,
                       "-f", directory / "httpd.conf"])

    def _run_web(self, command):
        with open(self.directory / "web.log", "ab") as log:
            self.web = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True)

    def make_certificate(self):
        """tls.pem and tls.key, and htpasswd with misp:secret."""
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
             "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
             "-subj", "/CN=localhost", "-addext",
             "subjectAltName=DNS:localhost,IP:127.0.0.1",
             "-keyout", self.directory / "tls.key",
             "-out", self.directory / "tls.pem"],
            check=True, stderr=subprocess.DEVNULL)
        shutil.copy(self.directory / "tls.pem",
                    self.directory / "clients.pem")
        entry = subprocess.run(
            ["openssl", "passwd", "-apr1", "secret"], check=True,
            stdout=subprocess.PIPE, text=True).stdout
        (self.directory / "htpasswd").write_text(f"misp:{entry}")

    def make_misp(self):
        """A site that answers everything, as MISP does, with one page."""
        misp = self.directory / "misp"
        misp.mkdir()
        (misp / "index.html").write_text("MISP's own")
        (misp / ".htaccess").write_text(
            "RewriteEngine On\nRewriteCond %{REQUEST_FILENAME} !-f\n"
            "RewriteRule ^ index.html [L]\n")
        return misp

    def close(self):
        try:
            if self.web:
                stop(self.web, 15)
        finally:
            if self.responder:
                self.responder.close()
            found = self._sanitizers_found()
            shutil.rmtree(self.directory, ignore_errors=True)
        assert not found, found

    def _sanitizers_found(self):
        logs = "".join(path.read_text(errors="replace")
                       for path in self.directory.glob("*.log"))
        # What the modules that misbehave are for is no finding.
        start = re.search(r"==\d+==ERROR|^(?!tests/modules/).*runtime error:",
                          logs, re.MULTILINE)
        return logs[start.start():][:3000] if start else ""

    # ---- Asking ----

    def request(self, method, path, **options):
        options.setdefault("timeout", 30)
        return requests.request(method, self.url + path, **options)

    def get(self, path, **options):
        return self.request("GET", path, **options)

    def query(self, body, **headers):
        """Posts the body (a dict, or bytes): (status, answer)."""
        if not isinstance(body, bytes):
            body = json.dumps(body).encode()
        headers = {name.replace("_", "-"): value
                   for name, value in headers.items()}
        headers.setdefault("Content-Type", "application/json")
        reply = self.request("POST", "/query", data=body, headers=headers)
        return reply.status_code, reply.json()

    def ask(self, module, text="hello", **more):
        """The answer of a simple module to a text."""
        body = {"module": module, "text": text, "event_id": "3", **more}
        status, answer = self.query(body)
        assert status == 200, answer
        return answer

    def metric(self, name, **labels):
        """The value of a metric; None if it is not there."""
        wanted = ",".join(f'{key}="{value}"' for key, value in labels.items())
        wanted = f"{name}{{{wanted}}} " if wanted else f"{name} "
        for line in self.get("/metrics").text.splitlines():
            if line.startswith(wanted):
                return float(line[len(wanted):])
        return None

    # ---- Looking behind it ----

    def web_log(self):
        return (self.directory / "web.log").read_text(errors="replace")

    @property
    def log(self):
        """The responder's lines, whoever collects them."""
        if self.responder:
            return self.responder.log_path.read_text().splitlines()
        return self.web_log().splitlines()

    def wait_for_log(self, *words, seconds=5):
        """The first line that has all the words."""
        def found():
            return next((line for line in self.log
                         if all(word in line for word in words)), None)
        return wait_for(found, seconds, f"a log line with {words}")

    @property
    def pid(self):
        return self.responder.pid

    def workers(self):
        if self.responder:
            return self.responder.workers()
        # Apache's process manager starts managers of one worker each.
        return [worker for process in children(self.web.pid)
                for manager in children(process)
                for worker in children(manager)]

    def reload(self):
        os.kill(self.pid, signal.SIGHUP)

    def reload_web(self):
        """Has the web server read its files anew, and waits until it has."""
        before = set(children(self.web.pid))
        os.kill(self.web.pid, signal.SIGHUP)
        wait_for(lambda: not before & set(children(self.web.pid))
                 and children(self.web.pid), what="the reload")

    def restart(self):
        """Stop and start, as systemd does: the socket stays open."""
        self.responder.stop()
        self.responder.start()
