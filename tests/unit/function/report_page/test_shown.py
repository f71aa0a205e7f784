import pytest

from function.report_page.shown import LONGEST, shown


def test_text_is_escaped_and_isolated_in_its_direction() -> None:
    assert shown("a<b>&\"'") == "<bdi>a&lt;b&gt;&amp;&#34;&#39;</bdi>"


@pytest.mark.parametrize(
    ("character", "sign"),
    [("\t", "␉"), ("\n", "␊"), ("\0", "␀"), ("\x7f", "U+007F"), ("\u202e", "U+202E"), ("\ufeff", "U+FEFF")],
)
def test_a_character_that_nobody_sees_is_shown(character: str, sign: str) -> None:
    name = f"U+{ord(character):04X}"
    assert shown(f"a{character}b") == f'<bdi>a<span class="sign" title="{name}">{sign}</span>b</bdi>'


@pytest.mark.parametrize("text", ["é", "日本", "مرحبا", "कर\u200dम", "👩\u200d💻"])
def test_letters_of_any_script_stay_as_they_are(text: str) -> None:
    assert shown(text) == f"<bdi>{text}</bdi>"


def test_long_text_is_cut_before_it_is_escaped() -> None:
    assert shown("<" * (LONGEST + 1)) == f"<bdi>{'&lt;' * (LONGEST - 1)}…</bdi>"
    assert shown("<" * LONGEST) == f"<bdi>{'&lt;' * LONGEST}</bdi>"
