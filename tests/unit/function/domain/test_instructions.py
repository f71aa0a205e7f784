import pytest

from function.domain.errors import ErrorCode, FileError
from function.domain.instructions import Options, follow


@pytest.mark.parametrize(
    ("words", "options"),
    [
        ({}, Options()),
        ({"owner": "ann", "x": "csv-header"}, Options()),
        ({"csv-delimiter": ";"}, Options(delimiter=";")),
        ({"csv-delimiter": "tab"}, Options(delimiter="\t")),
        ({"csv-delimiter": "\\t"}, Options(delimiter="\t")),
        ({"csv-delimiter": "||"}, Options(delimiter="||")),
        ({"csv-quote": "single"}, Options(quote="'")),
        ({"csv-quote": "none"}, Options(quote="")),
        ({"csv-encoding": "Latin1"}, Options(encoding="iso8859-1")),
        ({"CSV-Header": " No "}, Options(header=False)),
        ({"csv-header": "true"}, Options(header=True)),
        ({"csv-max-doubts": "0"}, Options(max_doubts=0)),
        ({"csv-series": "north"}, Options(series="north")),
        ({"csv-series-remarks": "Fail"}, Options(remarks_fail=True)),
        ({"csv-series-remarks": "warn"}, Options(remarks_fail=False)),
        ({"csv-max-rejected-rows": "10", "csv-max-ragged-rows": "3"}, Options(max_rejected=10, max_ragged=3)),
    ],
)
def test_words_of_the_uploader_become_options(words: dict[str, str], options: Options) -> None:
    assert follow(words, Options()) == options


def test_what_is_not_said_stays_as_configured() -> None:
    assert follow({"csv-header": "no"}, Options(max_ragged=7)) == Options(header=False, max_ragged=7)


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ({"csv-header": "perhaps"}, "csv-header='perhaps' .* allowed: true or false"),
        ({"csv-delimiter": ""}, "csv-delimiter='' .* comma, semicolon, tab"),
        ({"csv-quote": "ab"}, "csv-quote='ab'"),
        ({"csv-encoding": "klingon"}, "csv-encoding='klingon' .* utf-8 or cp1252"),
        ({"csv-max-ragged-rows": "-1"}, "csv-max-ragged-rows='-1' .* a whole number"),
        ({"csv-max-doubts": "none"}, "csv-max-doubts='none' .* a whole number"),
        ({"csv-delimeter": ","}, "csv-delimeter=',' .* the words are csv-delimiter, "),
    ],
)
def test_a_word_that_cannot_be_meant_is_refused_with_what_is_allowed(
    words: dict[str, str], complaint: str
) -> None:
    with pytest.raises(FileError, match=complaint) as caught:
        follow(words, Options())
    assert caught.value.code is ErrorCode.BAD_INSTRUCTION
