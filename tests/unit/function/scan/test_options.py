from function.domain.instructions import Options
from function.scan import scan

DATA = b'a,b\n1,"x\n2,y"\n3,z\n'


def test_without_a_quote_a_quotation_mark_is_text() -> None:
    profile = scan([DATA], Options(quote="")).profile
    assert profile
    assert profile.rows == 3
    assert profile.dialect.quote is None


def test_another_quote_leaves_this_one_to_be_text() -> None:
    profile = scan([DATA], Options(quote="'")).profile
    assert profile
    assert profile.rows == 3


def test_a_quotation_mark_may_be_the_delimiter() -> None:
    profile = scan([b'a"b\n1"2\n'], Options(delimiter='"')).profile
    assert profile
    assert [column.name for column in profile.columns] == ["a", "b"]


def test_a_delimiter_that_does_not_occur_makes_one_column() -> None:
    profile = scan([b"a,b\n1,2\n"], Options(delimiter="|")).profile
    assert profile
    assert [column.name for column in profile.columns] == ["a,b"]


def test_without_a_quote_the_only_field_of_a_record_may_be_empty() -> None:
    plain = b'a "plain" line\n' * 20_000  # which are read by their structure
    data = b"name\n" + plain + b";odd\n" + plain
    profile = scan([data], Options(quote="", delimiter=";", max_ragged=1)).profile
    assert profile
    assert (profile.rows, profile.columns[0].nulls, profile.columns[0].max) == (40_001, 1, 'a "plain" line')
