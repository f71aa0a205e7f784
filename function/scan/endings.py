"""How a table ends: perhaps with a total."""

import re

_TOTAL = re.compile(
    r"(?:(?:grand|sub|sum)[ -]?)?(?:totals?|totale|totaal|totaux|total général|total general)"
    r"|sum|summe|gesamt(?:summe)?|insgesamt|zusammen|somme|suma|soma|ogółem|razem|celkem|spolu|összesen|yhteensä"
    r"|i alt|summa|toplam|итого|всего|合計|总计|合计|總計|小計|小计|합계|총계",
    re.IGNORECASE,
)


def is_total(record: str, delimiter: str) -> bool:
    """Whether a record, or its start, says in one of the first fields that it is the sum of the others."""
    words = [field.strip(" \t:\"'*=") for field in record.split(delimiter)[:4]]
    return len(words) > 1 and any(map(_TOTAL.fullmatch, words))
