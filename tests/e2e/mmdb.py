"""Writes small databases in MaxMind's format, as GeoLite2 has them."""

import ipaddress
import struct

MARKER = b"\xab\xcd\xefMaxMind.com"
NAMES = {"en": "Luxembourg", "fr": "Luxembourg"}
COUNTRY = {
    "continent": {"code": "EU", "geoname_id": 6255148,
                  "names": {"en": "Europe", "fr": "Europe"}},
    "country": {"geoname_id": 2960313, "iso_code": "LU", "names": NAMES},
    "registered_country": {"geoname_id": 2960313, "iso_code": "LU",
                           "names": NAMES},
}
CITY = {
    **COUNTRY,
    "city": {"geoname_id": 2960316, "names": NAMES},
    "location": {"accuracy_radius": 20, "latitude": 49.6117,
                 "longitude": 6.13, "time_zone": "Europe/Luxembourg"},
    "postal": {"code": "L-1009"},
    "subdivisions": [
        {"geoname_id": 2960515, "iso_code": "LU", "names": NAMES},
        {"geoname_id": 1, "iso_code": "CA", "names": {"en": "Canton"}},
    ],
}
# What is known of 203.0.113.0/24 is little, of 198.51.100.0/24 nothing.
DATABASES = {
    "asn": ("GeoLite2-ASN", {
        "192.0.2.0/24": {
            "autonomous_system_number": 64496,
            "autonomous_system_organization": "Example, \"Ltd\" é"},
        "2001:db8::/32": {"autonomous_system_number": 64497,
                          "autonomous_system_organization": "Example 6"},
        "203.0.113.0/24": {"autonomous_system_number": 64498}}),
    "city": ("GeoLite2-City", {
        "192.0.2.0/24": CITY, "2001:db8::/32": CITY,
        "203.0.113.0/24": {"continent": COUNTRY["continent"]}}),
    "country": ("GeoLite2-Country", {
        "192.0.2.0/24": COUNTRY, "2001:db8::/32": COUNTRY,
        "203.0.113.0/24": {"continent": COUNTRY["continent"]}}),
}


def control(kind, size):
    """The byte or bytes before a value of a kind (the format's numbers)."""
    further = b"" if size < 29 else bytes([size - 29])
    assert size < 29 + 256
    size = min(size, 29)
    if kind > 7:
        return bytes([size, kind - 7]) + further
    return bytes([kind << 5 | size]) + further


class Short(int):
    """What is kept in 16 bits; other numbers are in 32."""
    kind = 5


class Long(int):
    """… in 64 bits."""
    kind = 9


def encoded(value):
    if isinstance(value, dict):
        return control(7, len(value)) + b"".join(
            encoded(part) for pair in value.items() for part in pair)
    if isinstance(value, list):
        return control(11, len(value)) + b"".join(map(encoded, value))
    if isinstance(value, str):
        return control(2, len(value.encode())) + value.encode()
    if isinstance(value, float):
        return control(3, 8) + struct.pack(">d", value)
    data = value.to_bytes((value.bit_length() + 7) // 8, "big")
    return control(getattr(value, "kind", 6), len(data)) + data


def bits(network):
    """The way of a network through the tree; IPv4 is below ::/96."""
    network = ipaddress.ip_network(network)
    text = format(int(network.network_address), "0128b")
    length = network.prefixlen + (128 - network.max_prefixlen)
    return [int(bit) for bit in text[:length]]


def write(path, kind, networks):
    nodes, data, leaves = [[None, None]], b"", []
    for network, value in networks.items():
        node, *way = 0, *bits(network)
        for bit in way[:-1]:
            if nodes[node][bit] is None:
                nodes.append([None, None])
                nodes[node][bit] = len(nodes) - 1
            node = nodes[node][bit]
        leaves.append((node, way[-1], len(data)))
        data += encoded(value)
    count = len(nodes)
    for node, bit, offset in leaves:
        nodes[node][bit] = count + 16 + offset
    tree = b"".join((count if link is None else link).to_bytes(3, "big")
                    for node in nodes for link in node)
    metadata = {
        "binary_format_major_version": Short(2),
        "binary_format_minor_version": Short(0),
        "build_epoch": Long(1700000000), "database_type": kind,
        "description": {"en": "made by a test"}, "ip_version": Short(6),
        "languages": ["en", "fr"], "node_count": count,
        "record_size": Short(24)}
    path.write_bytes(tree + bytes(16) + data + MARKER + encoded(metadata))


def write_all(directory):
    """The names that stand for the files in golden cases."""
    for name, (kind, networks) in DATABASES.items():
        write(directory / f"{name}.mmdb", kind, networks)
    (directory / "rubbish.mmdb").write_bytes(b"this is no database" * 9)
    return {f"<mmdb {name}>": str(directory / f"{name}.mmdb")
            for name in (*DATABASES, "rubbish")}
