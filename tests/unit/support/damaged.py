"""Tables with everything that goes wrong, wherever a part may begin."""

from hypothesis import strategies as st

CELLS = st.sampled_from(
    [
        *("1", "23", "4.5", "2024-01-02", "", " ", "a", "two words", "ä", "日本", "007", "1,5"),
        *('"a"', '"a,b"', '"a\nb"', '"a\r\nb"', '"x\n1,2,3\n4,5,6"', '"say ""hi"""', '""', '"\n"', "'q'"),
    ]
)
ENDS = st.sampled_from(["\n", "\r\n", "\r"])
DAMAGE = st.sampled_from(
    [
        *('"', '1,"2,3\n', 'a,5" pipe,b\n', '"a"b,c,d\n', "x,y\n", "1,2,3,4\n", "1\n", ",,\n", "\n", " \n", "\n\n\n"),
        *("\r", "\r\n", "# remark\n", "// remark\n", "#1,2,3\n", "note\n", "Total,1,2\n", "Page 1\n", "\nNote: text\n"),
        *("\nname,size,colour\nx,1,red\n", "id,name,value\n", "ID,NAME,VALUE\n", '"id","name","value"\n', "\n1\n2\n3\n"),
        *("\0", "\0\0\0\n", "\x1a", "\x01,\x02,\x03\n", "\ufeff", "\ufeffid,name,value\n", "\\", '"\\"",', "\n,,\n,,\n"),
    ]
)


def _lines(end: str, mixed: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    record = st.lists(CELLS, min_size=3, max_size=3).map(",".join)
    return st.one_of(st.builds(str.__add__, record, st.just(end) | mixed), DAMAGE)


def _texts(end: str) -> st.SearchStrategy[str]:
    heads = st.sampled_from(["id,name,value", "id,name,value\n1,b,2\n3,c,4", "1,a,2", "Report\n\nid,name,value", ""])
    plain = st.lists(st.lists(CELLS, min_size=3, max_size=3).map(",".join), max_size=30).map(
        lambda rows: "".join(row + end for row in rows)
    )
    mess = st.lists(_lines(end, ENDS), max_size=30).map("".join)
    pieces = st.lists(plain | mess, min_size=1, max_size=3).map("".join)
    return st.builds(lambda head, rest: head + end + rest, heads, pieces)


TEXTS = ENDS.flatmap(_texts)
NOISE = st.sampled_from([b"", b"", b"", b"\xff", b"\xe4", b"\xc3", b"\xe4\xf6\xfc\xdf,", b"\x80\x99", b"a\0b\0"])


def _encoded(text: str, encoding: str, noise: bytes, at: float) -> bytes:
    data = text.encode(encoding, "replace")
    place = int(at * len(data))
    return data[:place] + noise + data[place:]


FILES = st.builds(
    _encoded,
    TEXTS,
    st.sampled_from(["utf-8", "utf-8", "utf-8-sig", "cp1252", "cp1252", "utf-16"]),
    NOISE,
    st.floats(0, 1),
)
