"""How well a decoded text fits what people write: letters of one language, each character in its place.

The same bytes are text in many encodings, but only in the right one do the letters belong to one alphabet, do
capitals stand where capitals stand, and do signs keep out of the middle of words.
"""

import re
import unicodedata
from collections import Counter
from functools import lru_cache

_LETTERS = {  # beyond ASCII, of languages written in Latin letters, by the code pages that were made for them
    "west": (
        "àâæçèéêëîïôœùûüÿ",  # French
        "äöüß",  # German
        "áéíñóúü",  # Spanish
        "àáâãçéêíóôõú",  # Portuguese
        "àèéìîòù",  # Italian
        "àçèéíïòóúü",  # Catalan
        "åäöéü",  # Swedish, Finnish
        "æøåéö",  # Danish, Norwegian
        "áéëïóöüèê",  # Dutch
        "áðéíóúýþæö",  # Icelandic
    ),
    "centre": (
        "áčďéěíňóřšťúůýž",  # Czech
        "áäčďéíĺľňóôŕšťúýž",  # Slovak
        "ąćęłńóśźż",  # Polish
        "áéíóöőúüű",  # Hungarian
        "čćđšž",  # Croatian, Slovene
        "ăâîşţ",  # Romanian
    ),
    "baltic": ("ąčęėįšųūž", "āčēģīķļņšūž", "äõöüšž"),  # Lithuanian, Latvian, Estonian
    "turkish": ("çğıöşüâî",),
    "vietnamese": ("àáâãèéêìíòóôõùúýăđơư",),
}
_PAGES = {
    "cp1252": "west", "iso8859-1": "west", "iso8859-15": "west", "mac-roman": "west", "cp850": "west",
    "cp1250": "centre", "iso8859-2": "centre",
    "cp1257": "baltic", "iso8859-4": "baltic", "iso8859-13": "baltic",
    "cp1258": "vietnamese", "cp1254": "turkish", "iso8859-9": "turkish",
}  # fmt: skip
_MIXED = "àáâãäåæçèéêëíîïñòóôöøùúüß"  # where names of many western countries meet
_OPENING, _CLOSING = "“‘«‹„‚¿¡", "”»›"
_BEHIND, _BEFORE = "°²³¹ªº®™%‰½¼¾¢", "£€¥$§©#±½¼¾"
_ANYWHERE = "–—…’·•×¦µ\u00a0\u00ad€°±"
_BEYOND = re.compile(r"[^\0-\x7f]")
ENOUGH = 2000  # different places that are looked at
_BROKEN, _MISPLACED, _UNKNOWN, _CROWDED = -3.0, -1.0, -0.5, 0.75

Place = tuple[str, str, str]


def places(text: str) -> set[Place]:
    """Each different (character before, character beyond ASCII, character behind), the first of them."""
    found: set[Place] = set()
    for match in _BEYOND.finditer(text):
        at = match.start()
        found.add((text[at - 1 : at], text[at], text[at + 1 : at + 2]))
        if len(found) >= ENOUGH:
            break
    return found


def fitness(text: str, encoding: str) -> float:
    """How much the characters beyond ASCII speak for the encoding: about 1 for each that is in its place."""
    found = places(text)
    letters = Counter(c.lower() for _, c, _ in found if _is_latin(c))
    alphabet = _alphabet(frozenset(letters.items()), _PAGES.get(encoding))
    return sum(_fits(before, c, behind, alphabet) for before, c, behind in found)


def _alphabet(letters: frozenset[tuple[str, int]], page: str | None) -> dict[str, float]:
    """What each letter is worth under the language that has most of them."""

    def worth(alphabet: str) -> float:
        return sum(count for letter, count in letters if letter in alphabet)

    best = max(_LETTERS.get(page or "", ("",)), key=worth)
    mixed = dict.fromkeys(_MIXED, 0.5) if page == "west" else {}
    return mixed | dict.fromkeys(best, 1.0)


@lru_cache(maxsize=1 << 12)
def _is_latin(character: str) -> bool:
    return character.isalpha() and unicodedata.name(character, "").startswith("LATIN")


def _fits(  # noqa: PLR0911 (one return for each kind of character)
    before: str, character: str, behind: str, alphabet: dict[str, float]
) -> float:
    if character == "\ufffd" or "\x80" <= character < "\xa0":
        return _BROKEN
    if character in "ªºµ" or not (character.isalpha() or unicodedata.category(character)[0] == "M"):
        return _sign_fits(before, character, behind)
    if unicodedata.combining(character):
        return 1.0 if before.isalpha() else _MISPLACED
    if not _is_latin(character):
        return _foreign_letter_fits(before, character, behind)
    if _case_breaks(before, character, behind):
        return _MISPLACED
    if before.isdecimal() or behind.isdecimal():
        return _UNKNOWN  # more likely the sign of a currency or a unit
    if any(neighbour > "\x7f" and neighbour.isalpha() for neighbour in (before, behind)):
        return alphabet.get(character.lower(), _UNKNOWN) - _CROWDED
    return alphabet.get(character.lower(), _UNKNOWN)


def _case_breaks(before: str, character: str, behind: str) -> bool:
    """Whether a capital stands inside a word, or a small letter among capitals."""
    if character.isupper():
        return before.islower()
    return before.isupper() and behind.isupper()


def _sign_fits(before: str, character: str, behind: str) -> float:  # noqa: PLR0911 (one for each place)
    if before.isalpha() and behind.isalpha() and character not in "’·\u00ad":
        return _MISPLACED
    if character in _ANYWHERE:
        return 1.0
    if character in _OPENING:
        return _MISPLACED if before.isalnum() or not behind.strip() else 1.0
    if character in _CLOSING:
        return _MISPLACED if behind.isalnum() or not before.strip() else 1.0
    if character in _BEFORE and not before.isalpha() and not behind.isalpha():
        return 1.0
    if character in _BEHIND and not behind.isalpha():
        return 1.0
    return 0.5 if ord(character) >= 0x3000 else _UNKNOWN


def _foreign_letter_fits(before: str, character: str, behind: str) -> float:
    """A letter of another script, of which words are made that have no ASCII letters in them."""
    beside = [neighbour for neighbour in (before, behind) if neighbour.isalpha()]
    if any(neighbour.isascii() or _is_latin(neighbour) for neighbour in beside):
        return 0.0 if ord(character) >= 0x2E80 else _MISPLACED
    return _case_of_script(before, character, behind)


def _case_of_script(before: str, character: str, behind: str) -> float:
    return _MISPLACED if _case_breaks(before, character, behind) else 1.0
