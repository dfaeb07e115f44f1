"""Documents that mean harm end with an answer that says so, in good time and
without much memory."""

import json
import subprocess
import sys

import pytest

import bombs
from server import MODULES, PROGRAM, SANITIZED

MEGABYTE = 1 << 20
CELLS = "(not all of its cells)"
CUT = "(only the first 8 MiB of its text)"
ROWS = 1 << 20
LAUGHS = ('<?xml version="1.0"?><!DOCTYPE w:document [<!ENTITY a "ha">' +
          "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">'
                  for a, b in zip("abcdefghi", "bcdefghij")) + "]>")
OUTSIDE = ('<!DOCTYPE w:document [<!ENTITY x SYSTEM "file:///etc/passwd">'
           '<!ENTITY % y SYSTEM "file:///etc/passwd"> %y;]>')
STOPPED = "took longer than this query's time limit"
NO_ENTITIES = "has a document type definition or an entity"
TEXT = "<w:p><w:r><w:t>%s</w:t></w:r></w:p>"

# Each: the module, the file, and what its error or the comment has to say.
BOMBS = {
    "zeros": lambda: ("docx", bombs.docx_of("\0", 10 * bombs.GIGABYTE, ""),
                      "line 1 of word/document.xml"),
    "text": lambda: ("docx", bombs.docx_of(TEXT % ("a" * 900),
                                           10 * bombs.GIGABYTE), CUT),
    "nothing": lambda: ("docx", bombs.docx_of("<w:x/>", 10 * bombs.GIGABYTE),
                        "it unpacks to more than 64 MiB"),
    "one text": lambda: ("docx", bombs.docx_of(
        "a", 10 * bombs.GIGABYTE, bombs.W + "<w:p><w:r><w:t>"),
        "is not valid XML"),
    "one name": lambda: ("docx", bombs.docx_of(
        "a", 10 * bombs.GIGABYTE, bombs.W + "<"), "line 1"),
    "comment": lambda: ("docx", bombs.docx_of(
        "a", 10 * bombs.GIGABYTE, bombs.W + "<!--"), "line 1"),
    "empty paragraphs": lambda: ("docx", bombs.docx_of(
        "<w:p/>", 10 * bombs.GIGABYTE), CUT),
    "nested": lambda: ("docx", bombs.docx_of("<w:p>", 100 * MEGABYTE),
                       "line 1"),
    "attributes": lambda: ("docx", bombs.docx(
        bombs.W + "<w:p " + " ".join(f'a{i}=""' for i in range(20000)) +
        "/></w:body></w:document>"), None),
    "archives in it": lambda: ("docx", bombs.archive(
        [("lib.zip", bombs.archive([("lib.zip", b"PK")]))]),
        "nothing in it says which of its parts is the document"),
    "many members": lambda: ("docx", bombs.archive(
        [(f"m{i}", b"") for i in range(60000)]), "more than 20000 members"),
    "laughs": lambda: ("docx", bombs.docx(
        LAUGHS + bombs.W + TEXT % "&j;" + "</w:body></w:document>"),
        "Error was: "),
    "laughs in an attribute": lambda: ("docx", bombs.docx(
        LAUGHS + bombs.W.replace("<w:document", '<w:document a="&j;"') +
        "</w:body></w:document>"), "Error was: "),
    "a file": lambda: ("docx", bombs.docx(
        OUTSIDE + bombs.W + TEXT % "&x;" + "</w:body></w:document>"),
        NO_ENTITIES),
    "an entity of a type elsewhere": lambda: ("docx", bombs.docx(
        '<!DOCTYPE w:document SYSTEM "file:///etc/passwd">' + bombs.W +
        TEXT % "&x;" + "</w:body></w:document>"), NO_ENTITIES),
    "encrypted": lambda: ("docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" +
                          bytes(4096), "it is encrypted with a password"),
    "encrypted member": lambda: ("docx", bombs.docx(bombs.W, flags=1),
                                 "_rels/.rels is encrypted with a password"),
    "wide cells": lambda: ("docx", bombs.docx(
        bombs.W + "<w:tbl>" + (
            '<w:tr><w:tc><w:tcPr><w:gridSpan w:val="4000000000"/></w:tcPr>' +
            TEXT % ("b" * 1000) + "</w:tc></w:tr>") * 20 +
        "</w:tbl></w:body></w:document>"), CUT),
    "wide cells of nothing": lambda: ("docx", bombs.docx(
        bombs.W + "<w:tbl>" + (
            '<w:tr><w:tc><w:tcPr><w:gridSpan w:val="4000000000"/></w:tcPr>'
            "</w:tc></w:tr>") * 20000 +
        "</w:tbl></w:body></w:document>"), None),
    "one slide many times": lambda: ("pptx", bombs.office(
        "p.xml", ("p.xml",
                  '<p:presentation xmlns:p="http://schemas.openxmlformats.org/'
                  f'presentationml/2006/main" xmlns:r="{bombs.OFFICE}">'
                  "<p:sldIdLst>" + '<p:sldId r:id="s"/>' * 100000 +
                  "</p:sldIdLst></p:presentation>"),
        ("_rels/p.xml.rels",
         bombs.RELATIONS % bombs.relation("s", "slide", "s.xml")),
        ("s.xml", '<p:sld xmlns:p="http://schemas.openxmlformats.org/'
                  'presentationml/2006/main"><p:cSld><p:spTree>' +
         "<p:x/>" * 1000 + "</p:spTree></p:cSld></p:sld>")),
        "it unpacks to more than 64 MiB"),
    "spaces": lambda: ("odt", bombs.odf(
        "text", "<text:p>" + '<text:s text:c="4000000000"/>' * 20000 +
        "</text:p>"), CUT),
    "encrypted odt": lambda: ("odt", bombs.odf("text", "", (
        "META-INF/manifest.xml",
        f'<m:manifest xmlns:m="{bombs.ODF}manifest:1.0"><m:file-entry>'
        "<m:encryption-data/></m:file-entry></m:manifest>")),
        "it is encrypted with a password"),
    "cells many times": lambda: ("ods", bombs.odf(
        "spreadsheet", '<table:table><table:table-row '
        'table:number-rows-repeated="1000000"><table:table-cell '
        'office:value-type="string" '
        'table:number-columns-repeated="1000000"><text:p>a</text:p>'
        "</table:table-cell></table:table-row></table:table>"), CELLS),
    "a long text in many cells": lambda: ("ods", bombs.odf(
        "spreadsheet", '<table:table><table:table-row '
        'table:number-rows-repeated="1000000"><table:table-cell '
        'office:value-type="string" '
        f'table:number-columns-repeated="1000000"><text:p>{"a" * MEGABYTE}'
        "</text:p></table:table-cell></table:table-row></table:table>"), CUT),
    "empty rows": lambda: ("ods", bombs.odf(
        "spreadsheet", "<table:table>" + (
            '<table:table-row table:number-rows-repeated="1000000000"/>'
            '<table:table-row table:number-rows-repeated="1000000000">'
            '<table:table-cell table:number-columns-repeated="1000000000"/>'
            "</table:table-row>") * 10000 + "</table:table>"),
        None),
    "far away": lambda: ("xlsx", bombs.xlsx(
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'), None),
    "beyond": lambda: ("xlsx", bombs.xlsx(
        '<row r="99999999999999999999"><c r="ZZZZZZZZZZ9"><v>1</v></c></row>'),
        CELLS),
    "a string in many cells": lambda: ("xlsx", bombs.xlsx_strings(
        '<row><c t="s"><v>0</v></c></row>' * 200000,
        '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/'
        f'main"><si><t>{"a" * MEGABYTE}</t></si></sst>'), CUT),
    "many strings": lambda: ("xlsx", bombs.xlsx_strings(
        "", bombs.deflated(
            b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/'
            b'2006/main">', b"<si><t>a</t></si>", bombs.GIGABYTE)), CELLS),
    "many cells": lambda: ("xlsx", bombs.xlsx(bombs.deflated(
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/'
        b'2006/main"><sheetData><row>', b"<c><v>1</v></c>",
        bombs.GIGABYTE)), "it unpacks to more than 64 MiB"),
    "many rows": lambda: ("xlsx", bombs.xlsx(bombs.deflated(
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/'
        b'2006/main"><sheetData>', b"<row><c><v>1</v></c></row>",
        bombs.GIGABYTE)), "it unpacks to more than 64 MiB"),
    "headings": lambda: ("xlsx", bombs.xlsx(
        "<row>" + '<c t="str"><v>a</v></c>' * 16384 + "</row>"), None),
    "pages": lambda: ("pdf", bombs.pdf_distinct_pages(200000),
                      "only the first 10000 of its 200000 pages"),
    "one page many times": lambda: ("pdf", bombs.pdf_pages(1000000), ""),
    "pages that are not there": lambda: ("pdf", bombs.pdf(
        [(1, "<< /Type /Catalog /Pages 2 0 R >>"),
         (2, "<< /Type /Pages /Kids [] /Count 2000000000 >>")]), ""),
    "pages in a loop": lambda: ("pdf", bombs.pdf(
        [(1, "<< /Type /Catalog /Pages 2 0 R >>"),
         (2, "<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 9 >>")]), ""),
    "objects in a loop": lambda: ("pdf", bombs.pdf(
        [(1, "1 0 R"), (2, "<< /Length 2 0 R >>")]),
        "poppler error creating document"),
    "nested lists": lambda: ("pdf", bombs.pdf_page(
        "[" * 1000000 + "]" * 1000000), None),
    "nested in the stream": lambda: ("pdf", bombs.pdf_page(
        bombs.stream(b"[" * 1000000)), None),
    "a stream": lambda: ("pdf", bombs.pdf_page(bombs.stream(
        b"\x78\x9c" + bombs.deflated(b"BT /F 9 Tf ", b"(aaaaaaaa) Tj ",
                                     4 * bombs.GIGABYTE)[0],
        "/Filter /FlateDecode")), STOPPED),
    "forms": lambda: ("pdf", bombs.pdf_forms(30, 10), STOPPED),
    "no PDF": lambda: ("pdf", b"PK\3\4", "poppler error creating document"),
}


# Nothing bounds what these cost but the time there is for a query.
ENDLESS = ("a stream", "forms")


@pytest.fixture(scope="module")
def configs(tmp_path_factory):
    """A configuration for most, and one for those."""
    paths = []
    for seconds in (60, 3):
        path = tmp_path_factory.mktemp("documents") / "misp-modules.conf"
        path.write_text(f'server {{\n\tmodules = "{MODULES}"\n'
                        f"\ttimeout = {seconds}\n}}\n")
        paths.append(path)
    return paths


# The memory of a process that is started counts from that of its parent on,
# which therefore is a small one.
MEASURED = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], stderr=subprocess.DEVNULL)
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
print(usage.ru_utime + usage.ru_stime, usage.ru_maxrss, file=sys.stderr)
"""


def ask(config, module, path):
    """The answer, the seconds that the processor took for it (on a machine
    that is busy it takes longer by the clock), and the most memory of a
    process."""
    done = subprocess.run(
        [sys.executable, "-SEc", MEASURED, PROGRAM, "query", "--config",
         config, f"{module}_enrich", "--file", path],
        capture_output=True, text=True, check=True)
    seconds, memory = done.stderr.split()
    return json.loads(done.stdout), float(seconds), int(memory) * 1024


def said(answer):
    """The error, or the comment of the text."""
    if answer["results"]:
        assert "error" not in answer
        return answer["results"][0]["comment"]
    return answer["error"]


@pytest.mark.parametrize("name", BOMBS)
def test_bomb(configs, tmp_path, name):
    module, content, expected = BOMBS[name]()
    path = tmp_path / "file"
    path.write_bytes(content)
    answer, seconds, memory = ask(configs[name in ENDLESS], module, path)
    words = said(answer)
    print(name, len(content), f"{seconds:.2f} s", memory // MEGABYTE, "MiB",
          words)
    assert expected is None or expected in words
    if not SANITIZED:
        assert seconds < 10
        assert memory < 300 * MEGABYTE
