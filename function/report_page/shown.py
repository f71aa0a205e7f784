"""Text out of a file, made safe to read in a page."""

import re
from typing import Final

from markupsafe import Markup, escape

from function.domain.message.text import short

LONGEST: Final = 300
"""Characters of one value that are shown; the result has a thousand."""

# Invisible, or able to change how what stands around them reads: C0 and C1, soft hyphen, zero width space and
# marks, controls of writing direction, separators, byte order mark, noncharacters, lone surrogates.
_HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufffe\uffff\ud800-\udfff]"
)


def shown(text: str, longest: int = LONGEST) -> Markup:
    """The text as HTML: escaped, of bounded length, isolated in its direction, with no character unseen."""
    cut = short(text, longest)
    parts, last = [], 0
    for hidden in _HIDDEN.finditer(cut):
        parts += [escape(cut[last : hidden.start()]), _sign(hidden[0])]
        last = hidden.end()
    parts.append(escape(cut[last:]))
    return Markup("<bdi>{}</bdi>").format(Markup("").join(parts))


def _sign(character: str) -> Markup:
    """What stands for it: its picture in Unicode, if there is one, or its number."""
    number = ord(character)
    name = f"U+{number:04X}"
    picture = chr(0x2400 + number) if number < 0x20 else name
    return Markup('<span class="sign" title="{}">{}</span>').format(name, picture)
