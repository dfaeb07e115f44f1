"""A service that answers over TLS after a time: nginx with the echo module."""

import contextlib
import os
import pathlib
import subprocess
import tempfile

import requests

from certificates import Authority
from server import free_port, stop, wait_for

HOST = "hashlookup.circl.lu"
ANSWER = '{"MD5": "8ED4B4ED952526D89899E723F3488DE4", ' \
    '"SHA-1": "FFFFFDAC1B1B4C513896C805C2C698D9688BE69F", ' \
    '"FileName": "wow64_microsoft-windows-i..timezones.resources", ' \
    '"FileSize": "2520", "source": "NSRL"}'
NGINX = """
load_module /usr/lib/nginx/modules/ngx_http_echo_module.so;
daemon off;
pid {directory}/nginx.pid;
error_log stderr;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    default_type application/json;
    keepalive_requests 1000000;
    server {{
        listen 127.0.0.1:{port} ssl;
        ssl_certificate {directory}/services.pem;
        ssl_certificate_key {directory}/services.key;
        location / {{ {sleep} echo '{answer}'; }}
        location = /connections {{ stub_status; }}
    }}
}}
"""


class Service:
    def __init__(self, directory, seconds):
        authority = Authority(directory)
        authority.issue("services", ["127.0.0.1", HOST])
        self.ca_file = authority.ca_file
        self.port = free_port()
        self.url = f"https://127.0.0.1:{self.port}"
        path = directory / "nginx.conf"
        path.write_text(NGINX.format(
            directory=directory, port=self.port, answer=ANSWER,
            sleep=f"echo_sleep {seconds};" if seconds else ""))
        self.nginx = subprocess.Popen(
            ["nginx", "-e", "stderr", "-p", directory, "-c", path,
             "-g", "user root;" if os.geteuid() == 0 else ""],
            stdin=subprocess.DEVNULL)
        wait_for(lambda: (directory / "nginx.pid").exists(), what="nginx")

    def connections(self):
        """How many it has accepted so far."""
        page = requests.get(self.url + "/connections", verify=self.ca_file,
                            timeout=5).text
        return int(page.splitlines()[2].split()[0])

    @property
    def settings(self):
        return (f'http {{ ca_file = "{self.ca_file}" '
                f'connect_to = "{HOST}:443:127.0.0.1:{self.port}" }}')


@contextlib.contextmanager
def service(seconds=0):
    """Its answers come after so many seconds."""
    with tempfile.TemporaryDirectory(prefix="mm-service-") as directory:
        os.chmod(directory, 0o755)
        running = Service(pathlib.Path(directory), seconds)
        try:
            yield running
        finally:
            stop(running.nginx)
