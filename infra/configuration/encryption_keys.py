"""Which text names a key of KMS. Pure: text in, fault out."""

import re

CREATE = "create"  # a key of the stack's own
ALLOWED = "the ARN of a KMS key, \"create\" for a key of the stack's own, or empty for AWS's keys"
_KEY = re.compile(r"arn:aws:kms:[a-z0-9-]+:\d{12}:key/(mrk-[0-9a-f]{32}|[0-9a-f-]{36})", re.ASCII)


def fault(text: str) -> str:
    """Why this is no key that the stack can use; empty if it is."""
    if ":alias/" in text:
        return "an alias can be moved to another key; `aws kms describe-key --key-id ALIAS` has the ARN"
    if text == CREATE or _KEY.fullmatch(text):
        return ""
    return "a key is arn:aws:kms:REGION:ACCOUNT:key/ID, ACCOUNT with 12 digits"


def region(arn: str) -> str:
    """The key's region; empty for a key that is yet to be made."""
    return "" if arn in {"", CREATE} else arn.split(":")[3]
