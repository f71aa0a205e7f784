"""A table as it comes from a spreadsheet, with text of several lines, and what it must be read as."""

import random

from function.domain.content import Profile
from tests.unit.support.tables import Form, read

HEADER = ["DATE", "TIME", "Qty", "PRODUCT", "Price", "Type", "Description", "URL", "Comments"]


def _table() -> list[list[str]]:
    draw = random.Random(5)
    texts = ["Nike shoes, new", 'a "Pro" hat', "plain", "A large, red\nshirt", "several words of text"]
    return [
        [
            f"2018-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}",
            f"{draw.randint(0, 23):02}:{draw.randint(0, 59):02}",
            str(draw.randint(1, 20)),
            f"A{draw.randint(100, 999)}",
            f"€{draw.randint(1, 300)}",
            draw.choice(["Shoes", "Hats", "Shirts"]),
            texts[number % 5],
            f"https://www.shop.example/{number}",
            draw.choice(["", "ok", "see note; late"]),
        ]
        for number in range(84)
    ]


TABLE = _table()
LINES = [Form(line_end="\r\n", all_quoted=True).write([row]).decode() for row in [HEADER, *TABLE]]
PLAIN = Form(line_end="\r\n").write([HEADER, *TABLE]).decode()


def profile(text: str | bytes) -> Profile:
    result = read(text if isinstance(text, bytes) else text.encode())
    assert result.error is None
    assert result.profile is not None
    return result.profile


def is_right(found: Profile) -> bool:
    return found.rows == 84 and [column.name for column in found.columns] == HEADER
