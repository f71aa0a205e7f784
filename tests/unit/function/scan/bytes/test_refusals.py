"""What is not CSV is refused, and named."""

import pytest

from function.domain.errors import ErrorCode
from function.domain.instructions import Options
from tests.unit.support.tables import read


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"%PDF-1.7\n1 0 obj\n", "PDF"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "PNG"),
        (b"PAR1\x15\x04\x15\x10", "Parquet"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100, "Excel"),
        (b"name" + b"\0" * 253 + b"ustar\x0000", "tar"),
        (b"<!DOCTYPE html>\n<html><body>a,b</body></html>", "HTML"),
        ("  <?xml version='1.0'?><a/>".encode("utf-16"), "XML"),
        (b'{"a": 1, "b": 2}', "JSON"),
        (b'{"a": 1}\n{"a": 2}\n', "JSON"),
        (b'[\n  {"a": 1},\n  {"a": 2}\n]', "JSON"),
        (b"[1, 2, 3]", "JSON"),
        (bytes(range(1, 32)) * 40, "binary"),
        (b"\x80\x04\x95\x1f\0\0\0\0\0\0\0]\x94(K\x01K\x02e.", "pickle"),
        (b"(lp0\n(I1\nVa\ntp1\na.", "pickle"),
        (b"BEGIN:VCARD\nVERSION:3.0\nFN:Ann\nEND:VCARD\n", "vCard"),
        (b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:a, b\nEND:VEVENT\nEND:VCALENDAR\n", "calendar"),
        (b"dn: uid=a,dc=example\ncn: Ann\n\ndn: uid=b,dc=example\ncn: Bob\n", "LDIF"),
        (b"begin 644 data.csv\n#86)C\n`\nend\n", "uuencode"),
        (b"@relation x\n@attribute a real\n@data\n1\n", "ARFF"),
        (b">s1 clone, of\nACGTACGTACGTACGTACGTACGT\n", "FASTA"),
        (b"!Type:Bank\nD01/02/2024\nT-12.50\n^\n", "QIF"),
        (b":20:START\n:25:12345/0001\n:61:2401020102D12,50\n", "MT940"),
        (b"-- dump\n\nCREATE TABLE t (\n  id int\n);\n", "SQL"),
        (b"/* x */\ninsert into t (a, b) values (1, 2);\n", "SQL"),
        (b"USE [db]\nGO\nSET X ON\nGO\n", "SQL"),
        (b"\\begin{tabular}{ll}\na & b \\\\\n\\end{tabular}\n", "LaTeX"),
        (b"MSH|^~\\&|A|B\rPID|1||2\r", "EDI"),
        (b'Traceback (most recent call last):\n  File "x.py", line 1, in f\nKeyError: 1\n', "traceback"),
        (b"diff --git a/x b/x\n--- a/x\n+++ b/x\n", "patch"),
        (b"; all\n[db]\nhost = a\nport = 5\n", "settings"),
        (b"version: 3\nservices:\n  web:\n    image: x\n", "YAML"),
        (b"- id: 1\n  name: a\n- id: 2\n  name: b\n", "YAML"),
        (b"2024-01-01 10:00:00,123 [main] INFO a - x\n2024-01-01 10:00:01,123 [main] INFO a - y, z\n", "log"),
        (b"Mar  1 10:00:00 host sshd[12]: in\nMar  1 10:00:02 host sshd[13]: out\n", "log"),
        (b'time=1 level=info msg="a, b"\ntime=2 level=info msg="c"\n', "log"),
        (b"00000000  61 2c 62 0a  |a,b.|\n00000010  31 2c 32 0a  |1,2.|\n", "hexadecimal"),
        (b"Error: connection to server failed, retry\n", "message of an error"),
        (b"MIME-Version: 1.0\nContent-Type: text/csv\n\nid,v\n1,2\n", "e-mail"),
    ],
)
def test_what_is_not_csv_is_refused_by_its_name(data: bytes, what: str) -> None:
    result = read(data)
    assert result.profile is None
    assert result.error is not None
    assert result.error.code is ErrorCode.NOT_CSV
    assert what in result.error.message


@pytest.mark.parametrize(
    "data",
    [
        b"time,level,text\n2024-01-01 10:00:00,INFO,a\n2024-01-01 10:00:01,INFO,b\n",
        b"2024-01-01 10:00:00|INFO started\n2024-01-01 10:00:01|INFO stopped\n",
        b"key;value\nhost: a;1\nport: b;2\n",
        b"query,n\nselect a from t;,1\nselect b from t;,2\n",
        b'id|json\n1|{"a": 1}\n2|{"b": 2}\n',
        b"tag,text\n<b>,bold\n<i>,italic\n",
        b'key,value\n"[1,2]",3\n',
    ],
)
def test_cells_of_another_format_do_not_make_a_file_of_it(data: bytes) -> None:
    profile = read(data).profile
    assert profile is not None
    assert len(profile.columns) >= 2


@pytest.mark.parametrize(
    "text",
    [
        "# Notes\n\nThis is the first release.\n\n- fixes, many\n- features\n",
        "import csv\n\n\ndef main(path):\n    return csv.reader(path)\n",
        "Internal Server Error\nPlease contact the administrator.\n",
        "FROM python:3.12\nWORKDIR /app\nCOPY . .\n",
        "app.name=Demo\napp.port=8080\nlog.level=INFO\n",
        "const a = 1;\nfunction f(x) {\n  return x;\n}\n",
    ],
)
def test_what_may_be_prose_or_code_is_doubted(text: str) -> None:
    result = read(text.encode())
    assert result.error or (result.profile and result.profile.warnings)


@pytest.mark.parametrize(
    "column",
    [
        ["weight (kg)", "1.5", "2.5", "3.5"],
        ["title", "The Long Road", "Up (2009)", "It's"],
        ["file", "/var/data/a.txt", "/var/data/b.txt", "/var/log/c.txt"],
        ["phone", "+49 30 123456", "+49 30 654321", "+49 89 111111"],
        ["full address", "1 Oak St Apt 3", "22 Elm St Apt 4", "5 Oak St Apt 1"],
        ["uuid", "0a1b2c3d-0000-4000-a000-000000000001", "0a1b2c3d-0000-4000-a000-000000000002"],
        ["query", "select a from t", "select b from t"],
    ],
)
def test_a_column_of_one_value_in_a_line_is_not_doubted(column: list[str]) -> None:
    profile = read("".join(f"{line}\n" for line in column).encode()).profile
    assert profile is not None
    assert ([each.name for each in profile.columns], profile.rows) == (column[:1], len(column) - 1)
    assert not profile.warnings


def test_the_word_of_the_uploader_makes_a_table_of_a_log() -> None:
    log = b"2024-01-01 10:00:00 INFO a\n2024-01-01 10:00:01 INFO b\n"
    profile = read(log, options=Options(header=False)).profile
    assert profile is not None
    assert profile.rows == 2
