"""pdfexport: what is on the pages, as poppler reads them."""

import base64
import contextlib
import re
import subprocess
import time

import pytest

from server import Server

UUID = "5b9a3f1e-0000-4000-8000-%012d"
ON = {"MISP_base_url_for_dynamic_link": "https://misp.example",
      "MISP_name_for_metadata": "CERT (Example) \\ ü",
      "Activate_textual_description": "True",
      "Activate_galaxy_description": "1",
      "Activate_related_events": "true"}
OFF = dict.fromkeys([*ON, "Activate_internationalization_fonts",
                     "Custom_fonts_path"])


def attribute(number, kind, value, **members):
    return {"uuid": UUID % number, "type": kind, "value": value,
            "category": "Other", "to_ids": False, "comment": "", **members}


def event(*attributes, **members):
    return {"id": "3", "uuid": UUID % 1, "info": "Title <b>& more</b>",
            "date": "2024-01-31", "timestamp": "1706745599",
            "threat_level_id": "2", "analysis": "1", "published": True,
            "publish_timestamp": "1706749999", "Org": {"name": "CERT"},
            "Orgc": {"name": "CIRCL"}, "Attribute": list(attributes),
            **members}


FULL = event(
    attribute(11, "link", "https://blog.example/a(b)'c\\d é"),
    attribute(12, "link", "javascript:alert(1)"),
    attribute(13, "url", "http://evil.example/", to_ids=True,
              comment="<span foreground='red'>seen</span> &amp; &lt;",
              Tag=[{"name": "tlp:<i>red</i>", "colour": "#cc0033"}],
              Sighting=[{"type": "0"}, {"type": 1}, {"type": "0"}]),
    attribute(14, "comment", "It was a dark night.",
              category="External analysis"),
    Tag=[{"name": "type:OSINT", "colour": "#004646"}, {"name": "no colour",
                                                       "colour": "x';"}],
    RelatedEvent=[{"Event": {"uuid": UUID % 2, "info": "Another event",
                             "date": "2023-05-05"}}],
    Galaxy=[{"name": "Threat Actor", "namespace": "misp", "type": "actor",
             "description": "Groups.", "GalaxyCluster": [
                 {"value": "APT 29", "description": "A group.",
                  "meta": {"synonyms": ["Cozy Bear", "The Dukes"]}}]}],
    Object=[{"uuid": UUID % 3, "name": "file", "meta-category": "file",
             "comment": "was dropped", "Attribute": [
                 attribute(15, "md5", "d41d8cd98f00b204e9800998ecf8427e",
                           object_relation="md5")],
             "ObjectReference": [{"relationship_type": "drops",
                                  "referenced_uuid": UUID % 4}]}])


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """Makes the report on events; its path."""
    path = tmp_path_factory.mktemp("pdf") / "report.pdf"
    with contextlib.closing(Server(workers=1, timeout=30,
                                   max_request=64 << 20)) as server:
        def make(*events, config=None):
            status, answer = server.query(
                {"module": "pdfexport", "data": list(events),
                 **({"config": config} if config else {})})
            assert status == 200 and "data" in answer, answer
            path.write_bytes(base64.b64decode(answer["data"]))
            return path

        yield make


def read(path, *options):
    return subprocess.run(["pdftotext", *options, path, "-"], check=True,
                          capture_output=True, text=True).stdout


def facts(path):
    lines = subprocess.run(["pdfinfo", path], check=True, text=True,
                           capture_output=True).stdout.splitlines()
    return {name: value.strip()
            for name, value in (line.split(":", 1) for line in lines)}


def links(path):
    return set(re.findall(rb"/URI \((.*?)\)\n", path.read_bytes()))


def test_all_there_is(report):
    text = read(report({"Event": FULL}, config=ON), "-layout")
    words = " ".join(text.split())
    for expected in (
            "Title <b>& more</b>", "Description", "General information",
            "Threat level Medium", "Analysis Ongoing", "Owner org CERT",
            "Creator Org CIRCL", "2024-01-31 23:59:59 UTC",
            "Yes (2024-02-01 01:13:19 UTC)", "# Attributes 4", "type:OSINT",
            "no colour", "Related events", "Another event",
            "Related galaxies", "Galaxy: Threat Actor misp:actor",
            "APT 29 A group.", "Synonyms: Cozy Bear / The Dukes",
            "http://evil.example/", "tlp:<i>red</i>", "foreground='red'>",
            "&amp; &lt;", "for detection", UUID % 13,
            "Sightings: 2 positive, 1 negative, 0 misc.",
            "It was a dark night.", "Object #1: file (file)", "was dropped",
            "d41d8cd98f00b204e9800998ecf8427e", f"drops {UUID % 4}",
            f"MISP event {UUID % 1} Page 1"):
        assert expected in words, text


def test_links_are_those_to_misp_and_to_web_pages(report):
    misp = b"https://misp.example/events/view/"
    assert links(report({"Event": FULL}, config=ON)) == {
        misp + (UUID % 1).encode(), misp + (UUID % 2).encode(),
        b"https://blog.example/a%28b%29%27c%5Cd%20%C3%A9"}
    assert links(report({"Event": event()}, config={
        "MISP_base_url_for_dynamic_link": "javascript:alert(1)//"})) == set()


def test_metadata(report):
    found = facts(report({"Event": FULL}, config=ON))
    assert found["Title"] == "Title <b>& more</b>"
    assert found["Author"] == "CIRCL"
    assert found["Creator"] == "CERT (Example) \\ ü"
    assert found["Keywords"] == UUID % 1
    assert found["Page size"].endswith("(A4)")
    assert found["JavaScript"] in ("no", "none")


def test_without_settings(report):
    text = read(report({"Event": FULL}, config=OFF))
    for absent in ("Description", "Another event", "Threat Actor"):
        assert absent not in text
    assert links(report({"Event": FULL})) == {
        b"https://blog.example/a%28b%29%27c%5Cd%20%C3%A9"}
    assert facts(report({"Event": FULL}))["Creator"] == "CIRCL"


def test_other_form_and_first_event_only(report):
    text = read(report({"Event": {"id": "3", "info": "First"},
                        "Orgc": {"name": "CIRCL"},
                        "Attribute": [attribute(5, "domain", "a.example")],
                        "Object": [{"name": "file", "Attribute": []}]},
                       {"Event": {"info": "Second"}}))
    assert "a.example" in text and "CIRCL" in text
    assert "Object #1: file" in text and "Second" not in text


def test_nothing_known(report):
    text = read(report({"Event": {}}))
    assert "Event without a title" in text
    assert "No attributes" in text and "No object" in text


def test_odd_shapes(report):
    report({"Event": {"info": ["x"], "threat_level_id": "99", "Tag": ["x", {
        "name": 5}], "Attribute": ["x", None, {"value": [1]}, {}],
        "Object": [1, {"Attribute": "x"}], "Galaxy": "x", "analysis": -1,
        "timestamp": "9" * 30}}, config=ON)


def test_scripts_and_controls(report):
    text = read(report({"Event": event(
        attribute(5, "domain", "пример.рф"),
        attribute(6, "text", "مرحبا"),
        attribute(7, "filename", "invoice\u202efdp.exe"),
        attribute(8, "text", "a\u0001b\u001b[31mc\u0085\r\nd\te\u2028"),
        attribute(9, "text", "o" + "\u0301" * 50))}))
    assert "пример.рф" in text
    # Joined letters come back as their presentation forms, or as they were.
    assert re.search("[\u0600-\u06ff\ufe70-\ufeff]{3}", text)
    assert "invoice[U+202E]fdp.exe" in text
    assert "a[U+0001]b[U+001B][31mc[U+0085]\nd e[U+2028]" in text
    assert "[U+0301]" in text


def test_long_values_are_wrapped_and_very_long_ones_cut(report):
    path = report({"Event": event(
        attribute(5, "text", "0123456789" * 100),
        attribute(6, "text", "word " * 5000),
        attribute(7, "text", "\n" * 5000))})
    text = read(path, "-nopgbrk")
    assert re.sub(r"\s", "", text).count("0123456789") == 100
    assert "[10000 of 25000 bytes are shown]" in " ".join(text.split())
    assert "of 5000 bytes are shown]" in " ".join(text.split())
    assert 5 < int(facts(path)["Pages"]) < 20
    # Each page has its number and the table's header.
    pages = read(path).split("\f")
    assert all(f"Page {number}" in page
               for number, page in enumerate(pages[:-1], 1))
    assert all("Category" in page for page in pages[1:4])
    # Nothing leaves the page.
    boxes = read(path, "-bbox")
    assert max(map(float, re.findall(r'xMax="([\d.]+)"', boxes))) < 595


def test_ten_thousand_attributes(report):
    start = time.monotonic()
    path = report({"Event": event(*(
        attribute(number, "domain", f"d{number}.example")
        for number in range(10000)))})
    assert time.monotonic() - start < 15
    text = read(path)
    assert "d0.example" in text and "d9999.example" in text
    assert path.stat().st_size < 4 << 20


def test_more_than_there_is_room_for(report):
    """Says so at its end; nothing is without end."""
    text = read(report({"Event": event(*(
        attribute(number, "text", "\n" * 300) for number in range(3000)))}))
    assert "This report ends here" in text
    assert "Page 5001" in text and "Page 5002" not in text


@pytest.mark.parametrize("path", ["/dev/zero", "/etc/passwd", "/nowhere",
                                  "/etc"])
def test_unusable_font(report, path):
    assert "a.example" in read(report(
        {"Event": event(attribute(5, "domain", "a.example"))},
        config={"Custom_fonts_path": path}))


def test_own_font(report):
    path = report(
        {"Event": event(attribute(5, "domain", "a.example"))}, config={
            "Custom_fonts_path":
                "/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf"})
    fonts = subprocess.run(["pdffonts", path], check=True, text=True,
                           capture_output=True).stdout
    assert "DejaVuSansMono" in fonts


def test_lists_that_are_cut_say_so(report):
    tags = [{"name": f"tag-{number}"} for number in range(230)]
    cluster = {"value": "APT", "meta": {
        "synonyms": [f"name-{number}" for number in range(70)]}}
    text = " ".join(read(report(event(Tag=tags, Galaxy=[
        {"name": "Actor", "GalaxyCluster": [cluster]}]), config=ON)).split())
    assert "tag-199" in text and "tag-200" not in text
    assert "and 30 more tags" in text
    assert "name-49" in text and "name-50" not in text
    assert "and 20 more" in text.replace("and 30 more tags", "")
