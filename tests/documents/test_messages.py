from tests.documents import messages


def test_the_document_has_the_messages_that_are_sent() -> None:
    """If it has not: `make pictures`."""
    assert messages.DOCUMENT.read_text(encoding="utf-8") == messages.document()
