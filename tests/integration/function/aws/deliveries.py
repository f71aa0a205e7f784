"""What is delivered in the tests of a delivery, and what is left of it."""

from dataclasses import replace
from typing import Any

from function.domain.content import Scan
from function.domain.keys import stamped_name
from function.domain.model import CsvObject, Document
from function.domain.report import Destinations, document
from local.stack import Stack
from tests.support.examples import CLAIM, SCAN, TIMING

TAGS = "team=data&cost=low"  # the emulator keeps them for a key, not for a version
AGAIN = replace(CLAIM, attempts=2)


def verdict(stack: Stack, obj: CsvObject, scan: Scan = SCAN) -> Document:
    to = Destinations(stack.names.output_bucket, stack.names.backup_bucket)
    return document(obj, scan, stamped_name(obj.key, obj.uploaded_at), to, TIMING)


def versions(stack: Stack, place: dict[str, Any]) -> int:
    answer = stack.client("s3").list_object_versions(Bucket=place["bucket"], Prefix=place["key"])
    return len(answer.get("Versions", []))
