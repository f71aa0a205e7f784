"""Tables that are large enough to be read in parts, where these have one megabyte."""

MEGABYTE = 1024**2
IN_PARTS = {"SPLIT_MEGABYTES": "1", "PART_MEGABYTES": "1"}
"""Variables of a stack that reads whatever is larger than a megabyte in parts of a megabyte."""

_NOTES = ("plain", '"two\nlines"', '"a ""quoted"" word, ünï\r\nand\n\nlines"', "", '"x,y"')


def table(megabytes: float) -> bytes:
    """A table of at least so many megabytes, with line ends, delimiters and quotes within its quotes."""
    rows, size = ["id,day,amount,note\n"], 0
    while size < megabytes * MEGABYTE:
        number = len(rows)
        note = _NOTES[number * number % 7 % len(_NOTES)]
        rows.append(f"{number},2025-0{number % 9 + 1}-1{number % 10},{number % 977 / 100:.2f},{note}\n")
        size += len(rows[-1])
    return "".join(rows).encode()
