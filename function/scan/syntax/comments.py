"""Lines that are no records: comments, and the word of Excel for its delimiter."""

import re

from function.scan.syntax.line_ends import LINE_END

# `#{` and the like belong to templates, `#N/A` and its kin are the errors of a spreadsheet
COMMENT = re.compile(
    r"(?:#(?!N/A|DIV/0!|REF!|NAME\?|VALUE!|NULL!|NUM!|SPILL!|CALC!|FIELD!)|//)(?:[\s\w\"'#*=:.!-]|$)"
)
SEPARATOR_LINE = re.compile(r'"?sep=([^\r\n"])"?[\r\n]+', re.IGNORECASE)
NOTHING = " \t\0\x1a"  # what a blank line may have


def without_remarks(sample: str) -> str:
    """The sample without comments and the line that names the delimiter: they tell nothing of the dialect."""
    separator = SEPARATOR_LINE.match(sample)
    text = sample[separator.end() :] if separator else sample
    if "#" not in text and "//" not in text:
        return text if text.strip() else sample
    kept, start = [], 0
    for end in [*(match.end() for match in LINE_END.finditer(text)), len(text)]:
        line = text[start:end]
        if '"' in line or not COMMENT.match(line):
            kept.append(line)
        start = end
    rest = "".join(kept)
    return rest if len(rest.split()) > 1 else text
