"""For each finding a small file that has it."""

import gzip
import io
import zipfile

from function.domain.findings import Finding

RECORDS = b"".join(b"%d,x%d,%d\n" % (number, number, 3 * number) for number in range(1, 30))
TABLE = b"a,b,c\n" + RECORDS


def zipped(**files: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in files.items():
            archive.writestr(name.replace("_", "."), data)
    return file.getvalue()


EXAMPLES = {
    Finding.WIDE_PREAMBLE: b"name, of report\n" + TABLE,
    Finding.SECOND_HEADER: b"a,b,c\nkg,text,mm\n" + RECORDS,
    Finding.ODD_FIRST_RECORD: b"id,name\nno.,text\n1,x\n2,y\n",
    Finding.UNSURE_DIALECT: b"a,b;c\nd,e;f\ng,h;i\n",
    Finding.TOTAL: TABLE + b"Total,,435\n",
    Finding.FREE_TEXT: b"import csv\n\ndef f(x):\n    return x\n",
    Finding.NOTE: TABLE + b"Page 1\n" + RECORDS,
    Finding.TRAILER: TABLE + b"Source: x\n",
    Finding.SHORT_HEADER: b"a,b\n" + RECORDS,
    Finding.SHORT_RECORD: TABLE + b"1,2\n" + RECORDS,
    Finding.LONG_RECORD: TABLE + b"1,2,3,4\n" + RECORDS,
    Finding.STRAY_QUOTE: TABLE + b'1,"5" pipe",3\n' + RECORDS,
    Finding.UNCLOSED_QUOTE: TABLE + b'1,"2,3\n' + RECORDS,
    Finding.COMMENTED_RECORD: TABLE + b"#4,5,6\n" + RECORDS,
    Finding.ODD_QUOTE: TABLE + b'1,"2\n' + RECORDS,
    Finding.BROKEN_RECORD: TABLE + b"1,x\ny,3\n" + RECORDS,
    Finding.OTHER_SHAPE: TABLE + b"1,2\n" * 5 + RECORDS,
    Finding.SWALLOWED_LINES: TABLE + b'1,"x\n4,5,6\n7,8,9\ny",3\n' + RECORDS,
    Finding.PADDED_QUOTE: TABLE + b'1, "x\ny", 3\n' + RECORDS,
    Finding.BINARY: TABLE + b"\1\2\3\4\5\6\n" + RECORDS,
    Finding.REPLACED_BYTES: "a,b\n1,2\n3,4\n".encode("utf-16-le") + b"\0\xd8" + ",5\n".encode("utf-16-le"),
    Finding.REPLACED_CHARACTERS: TABLE + "1,ééééé,2\n".encode() + b"1,\xff,2\n",
    Finding.BYTE_ORDER_MARK: TABLE + b"\xef\xbb\xbf" + TABLE,
    Finding.MIXED_ENCODING: TABLE + "4,5,6\n7,8,9\n".encode("utf-16-le"),
    Finding.TRAILING_BYTES: gzip.compress(TABLE) + b"trailing",
    Finding.OTHER_FILES: zipped(table_csv=TABLE, readme_md=b"read me"),
    Finding.REPEATED_HEADER: TABLE + TABLE,
    Finding.OTHER_TABLE: TABLE + b"\nx,y\n1,2\n3,4\n",
    Finding.FOOTER: TABLE + b"\nSource: x\n",
    Finding.AMBIGUOUS_DATE: b"day,n\n01/02/2024,1\n03/04/2024,2\n",
    Finding.AMBIGUOUS_NUMBER: b"n;k\n1,234;x\n5,678;y\n",
    Finding.PADDED_VALUES: b"n,k\n  1,x\n 12,y\n",
}
