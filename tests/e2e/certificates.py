"""A certificate authority of the tests' own, and what it signs."""

import datetime
import ipaddress
import subprocess

CONFIGURATION = """
[ca]
default_ca = own
[own]
database = {directory}/index.txt
new_certs_dir = {directory}
serial = {directory}/serial
certificate = {directory}/ca.pem
private_key = {directory}/ca.key
default_md = sha256
policy = any
unique_subject = no
[any]
organizationName = optional
commonName = supplied
"""
NEW_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")


def openssl(*arguments):
    subprocess.run(["openssl", *arguments], check=True,
                   capture_output=True)


def alternative_name(host):
    try:
        return f"IP:{ipaddress.ip_address(host.strip('[]'))}"
    except ValueError:
        return f"DNS:{host}"


class Authority:
    """ca.pem in the directory, to be trusted."""

    def __init__(self, directory):
        self.directory = directory
        self.ca_file = directory / "ca.pem"
        self.config = directory / "ca.cnf"
        self.config.write_text(CONFIGURATION.format(directory=directory))
        (directory / "index.txt").write_text("")
        openssl("req", "-x509", *NEW_KEY, "-days", "30",
                "-subj", "/O=Test/CN=Test CA",
                "-keyout", directory / "ca.key", "-out", self.ca_file)

    def issue(self, name, hosts, serial="01", start=None, end=None):
        """NAME.pem and NAME.key for the hosts, NAME the first of them."""
        now = datetime.datetime.now(datetime.timezone.utc)
        day = datetime.timedelta(days=1)
        path = self.directory / name
        (self.directory / "serial").write_text(serial + "\n")
        (self.directory / f"{name}.ext").write_text(
            "subjectAltName = " + ",".join(map(alternative_name, hosts)))
        openssl("req", "-new", *NEW_KEY, "-subj", f"/O=Example/CN={name}",
                "-keyout", f"{path}.key", "-out", f"{path}.csr")
        openssl("ca", "-batch", "-notext", "-config", self.config,
                "-in", f"{path}.csr", "-out", f"{path}.pem",
                "-extfile", f"{path}.ext",
                "-startdate", f"{start or now - day:%Y%m%d%H%M%SZ}",
                "-enddate", f"{end or now + 30 * day:%Y%m%d%H%M%SZ}")

    def issue_self_signed(self, name):
        path = self.directory / name
        openssl("req", "-x509", *NEW_KEY, "-days", "30",
                "-subj", f"/CN={name}", "-addext",
                f"subjectAltName=DNS:{name}",
                "-keyout", f"{path}.key", "-out", f"{path}.pem")
