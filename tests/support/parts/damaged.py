"""Small files of which any place may be damaged: what is drawn at random, and nothing else, is in them."""

import random

CELLS = [
    *("1", "23", "4.5", "2024-01-02", "", " ", "a", "two words", "ä", "日本", "007", "1,5"),
    *('"a"', '"a,b"', '"a\nb"', '"a\r\nb"', '"x\n1,2,3\n4,5,6"', '"say ""hi"""', '""', '"\n"', "'q'"),
]
ENDS = ["\n", "\r\n", "\r"]
SPACED = ["\n\n", "\r\r\n", "\r\n\r\n", "\n\r"]  # with blank lines between all records
DAMAGE = [
    *(
        '"',
        '1,"2,3\n',
        'a,5" pipe,b\n',
        '"a"b,c,d\n',
        "x,y\n",
        "1,2,3,4\n",
        "1\n",
        ",,\n",
        "\n",
        " \n",
        "\n\n\n",
    ),
    *(
        "\r",
        "\r\n",
        "# remark\n",
        "// remark\n",
        "#1,2,3\n",
        "note\n",
        "Total,1,2\n",
        "Page 1\n",
        "\nNote: text\n",
    ),
    *(
        "\nname,size,colour\nx,1,red\n",
        "id,name,value\n",
        "ID,NAME,VALUE\n",
        '"id","name","value"\n',
        "\n1\n2\n3\n",
    ),
    *(
        "\0",
        "\0\0\0\n",
        "\x1a",
        "\x01,\x02,\x03\n",
        "\ufeff",
        "\ufeffid,name,value\n",
        "\\",
        '"\\"",',
        "\n,,\n,,\n",
        "Total,,3\n# by us\n// and us\n",
    ),
]
HEADS = [
    "id,name,value",
    "# remark\nid,name,value",
    "id,name,value\n1,b,2\n3,c,4",
    "1,a,2",
    "Report\n\nid,name,value",
    "",
]
NOISE = [
    b"\xff",
    b"\x1b$B",
    b"\xe4",
    b"\xc3",
    b"\xe4\xf6\xfc\xdf,",
    b"\x80\x99",
    b"a\0b\0",
    b"\0a\0b\0c\0\n\0d\0e\0f",
    "\ufffd".encode(),
]
ENCODINGS = ["utf-8", "utf-8", "utf-8-sig", "cp1252", "cp1252", "utf-16"]


def invent(draw: random.Random, most: int = 30) -> bytes:
    """The bytes of a file of so many lines, more or less."""
    end, cells = draw.choice(ENDS if draw.random() < 0.8 else SPACED), draw.sample(CELLS, draw.randint(3, 9))
    damage = draw.sample(DAMAGE, draw.randint(1, 4))
    odd = draw.choice([0.0, 0.02, 0.1, 0.5])
    text = draw.choice(HEADS) + end
    for _ in range(draw.randint(1, most)):
        if draw.random() < odd:
            text += draw.choice(damage)
        text += ",".join(draw.choices(cells, k=3)) + (draw.choice(ENDS) if draw.random() < odd / 4 else end)
    if draw.random() < 0.3:
        text += draw.choice(damage)
    data = text.encode(draw.choice(ENCODINGS), "replace")
    for _ in range(draw.choice([0, 0, 0, 1, 3])):
        at = draw.randrange(len(data) + 1)
        data = data[:at] + draw.choice(NOISE) + data[at:]
    return data
