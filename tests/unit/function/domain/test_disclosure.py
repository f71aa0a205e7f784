"""What of a file's content a result repeats, and what it keeps to itself where the stack says so."""

import io
import json
import zipfile
from collections.abc import Mapping

import pytest

from function.domain import report
from function.domain.content import Scan
from function.domain.csv_document import Disclosure
from function.domain.errors import FileError
from function.domain.instructions import Options, follow
from function.domain.message import message as compose_message
from function.domain.model import Document
from function.scan import scan
from tests.support import schema
from tests.support.examples import OBJECT, STAMPED, TIMING, TO

WORD = "canaryq7"
NOTHING = Disclosure(excerpts=False, values=False)


def zipped(files: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return file.getvalue()


def encrypted(data: bytes) -> bytes:
    """The flag is set, in the header of the first file; nobody gets as far as the content."""
    return data[:6] + b"\x01" + data[7:]


FILES: dict[str, bytes] = {
    "good": f"a,b\n1,{WORD}\n2,{WORD}b\n".encode(),
    "unclosed quote": f'a,b\n1,"{WORD}\n2,x\n3,y\n'.encode(),
    "stray quote": f'a,b\n1,x"{WORD}"y\n2,x\n'.encode(),
    "ragged": f"a,b\n1,2,{WORD}\n3,4\n5,6\n".encode(),
    "binary": f"a,b\n1,2\n{WORD}\x00\x01\x02,\x03\n3,4\n".encode(),
    "total": b"name,amount\n"
    + b"".join(b"x%d,%d\n" % (n, n) for n in range(20))
    + f"Total {WORD},190\n".encode(),
    "title above": f"{WORD},Report of the year\n\nname,amount\nx,1\ny,2\nz,3\n".encode(),
    "comment": f"# {WORD}\na,b\n1,2\n# {WORD},x\n3,4\n".encode(),
    "several files": zipped({f"{WORD}.csv": b"a,b\n1,2\n", "other.csv": b"a,b\n1,2\n"}),
    "no table": zipped({f"{WORD}.pdf": b"%PDF-1.4", f"{WORD}.png": b"\x89PNG"}),
    "an encrypted file": encrypted(zipped({f"{WORD}.csv": b"a,b\n1,2\n"})),
    "another method": zipped({f"{WORD}.csv": b"a,b\n1,2\n"}, zipfile.ZIP_BZIP2),
}


def result(found: Scan, disclosure: Disclosure) -> Document:
    made = report.document(OBJECT, found, STAMPED, TO, TIMING, disclosure=disclosure)
    schema.validate(made)
    return made


@pytest.mark.parametrize("name", FILES)
def test_without_excerpts_and_values_no_word_of_a_record_or_of_a_zip_is_repeated(name: str) -> None:
    found = scan([FILES[name]], Options(max_doubts=0))
    made = result(found, NOTHING)
    message = compose_message(made)
    assert WORD not in json.dumps(made)
    assert WORD not in message.subject + message.body


@pytest.mark.parametrize("name", sorted(set(FILES) - {"comment", "title above"}))
def test_by_default_they_are_repeated_so_that_the_place_can_be_found(name: str) -> None:
    assert WORD in json.dumps(result(scan([FILES[name]]), Disclosure()))


def test_values_and_excerpts_are_kept_back_each_on_its_own() -> None:
    found = scan([FILES["ragged"]])
    excerpts, values = result(found, Disclosure(values=False)), result(found, Disclosure(excerpts=False))
    assert [each["max"] for each in excerpts["csv"]["columns"]] == [None, None]
    assert excerpts["csv"]["samples"][0]["excerpt"] == f"1,2,{WORD}"
    assert values["csv"]["columns"][0]["max"] == "5"
    assert values["csv"]["samples"][0]["excerpt"] is None


def test_all_that_is_no_value_stays_in_the_result() -> None:
    found = scan([FILES["ragged"]])
    told, kept = result(found, Disclosure()), result(found, NOTHING)
    for part in ("rows", "records", "findings", "warnings", "dialect"):
        assert kept["csv"][part] == told["csv"][part]
    for part in ("name", "type", "nulls", "distinct", "longest", "format"):
        assert [each[part] for each in kept["csv"]["columns"]] == [
            each[part] for each in told["csv"]["columns"]
        ]
    assert [each["line"] for each in kept["csv"]["samples"]] == [
        each["line"] for each in told["csv"]["samples"]
    ]
    assert kept["error"] == told["error"]


def test_a_first_record_that_is_taken_for_a_header_is_named_unless_the_uploader_says_that_there_is_none() -> (
    None
):
    record = f"{WORD} Smith,Kirkwall\nJane Roe,Durness\n".encode()
    assert WORD in json.dumps(result(scan([record]), NOTHING))
    assert WORD not in json.dumps(result(scan([record], Options(header=False)), NOTHING))


@pytest.mark.parametrize("words", [{"csv-header": WORD}, {f"csv-{WORD}": "true"}])
def test_a_wrong_word_of_the_metadata_is_repeated_only_with_excerpts(words: dict[str, str]) -> None:
    with pytest.raises(FileError) as caught:
        follow(words, Options())
    found = Scan("ab" * 32, 1, error=caught.value)
    assert WORD in json.dumps(result(found, Disclosure()))
    assert WORD not in json.dumps(result(found, NOTHING))
    assert "not understood; " in result(found, NOTHING)["error"]["message"]
