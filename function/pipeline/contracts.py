"""What an operator does with contracts: put, get, list, remove, suggest."""

import json
import re
from collections.abc import Mapping
from typing import Any, Protocol

from function.domain import keys
from function.domain.contract.schema import Contract, described
from function.domain.contract.suggest import suggest
from function.domain.contract.words import ContractError
from function.domain.errors import EventError
from function.domain.model import Document
from function.pipeline.operation_words import word

OPERATIONS = ("contract_put", "contract_get", "contract_list", "contract_remove", "contract_suggest")
_UNSTORABLE = re.compile(r"\\u0000|[\ud800-\udfff]")
MOST_CHARACTERS = 100_000  # of a schema, which comes with every claim on a file


class Contracts(Protocol):
    """Where contracts are kept; implemented by `contracts.Contracts`."""

    async def put(self, bucket: str, prefix: str, schema: Document | None) -> int:
        """Keep a new version, or that there is none any more; its number."""

    async def of_key(self, bucket: str, key: str) -> Document | None:
        """The contract that a key is held against."""

    async def history(self, bucket: str, prefix: str) -> list[Document]:
        """Every version for exactly this prefix, the latest first."""

    async def latest(self, bucket: str) -> list[Document]:
        """The contract of every prefix that has one."""

    async def csv(self, bucket: str, key: str) -> Document | None:
        """The `csv` part of the latest result of a key that succeeded."""


async def run(operation: str, event: Mapping[str, Any], contracts: Contracts) -> Document:
    """Do one of `OPERATIONS`.

    Raises:
        EventError: a word is wrong, there is no such contract or file, or the schema cannot be checked.
    """
    bucket = word(event, "bucket", str)
    match operation:
        case "contract_put":
            return await _put(bucket, _prefix(event), word(event, "schema", dict), contracts)
        case "contract_get":
            return await _get(bucket, event, contracts)
        case "contract_list":
            return {"contracts": [_listed(each) for each in await contracts.latest(bucket)]}
        case "contract_remove":
            await _current(bucket, _prefix(event), contracts)
            return {"prefix": _prefix(event), "version": await contracts.put(bucket, _prefix(event), None)}
    key = word(event, "key", str)
    if (csv := await contracts.csv(bucket, key)) is None:
        raise EventError(f"contract_suggest: {key!r} has no result of a file that succeeded")
    return {"schema": suggest(csv)}


async def _put(bucket: str, prefix: str, schema: Document, contracts: Contracts) -> Document:
    try:
        Contract.read(schema)
    except ContractError as error:
        raise EventError(f"contract_put: {error}") from None
    text = json.dumps(schema, ensure_ascii=False)
    if len(text) > MOST_CHARACTERS:
        raise EventError(
            f"contract_put: the schema has {len(text):,} characters; {MOST_CHARACTERS:,} are allowed"
        )
    if _UNSTORABLE.search(text):
        raise EventError("contract_put: the schema has a NUL or half a character, which no table can keep")
    return {"prefix": prefix, "version": await contracts.put(bucket, prefix, schema)}


async def _get(bucket: str, event: Mapping[str, Any], contracts: Contracts) -> Document:
    """The contract of a prefix with its versions, or that which a key is held against."""
    if key := word(event, "key", str, ""):
        found = await contracts.of_key(bucket, keys.storable(key))
        if not found:
            raise EventError(f"contract_get: there is no contract for the key {key!r}")
        return found
    current, versions = await _current(bucket, _prefix(event), contracts)
    made = [
        {"version": each["version"], "created_at": each["created_at"], "removed": each["schema"] is None}
        for each in versions
    ]
    return {**current, "versions": made}


async def _current(bucket: str, prefix: str, contracts: Contracts) -> tuple[Document, list[Document]]:
    versions = await contracts.history(bucket, prefix)
    if not versions or versions[0]["schema"] is None:
        raise EventError(f"there is no contract for the prefix {prefix!r}")
    return versions[0], versions


def _prefix(event: Mapping[str, Any]) -> str:
    return keys.storable(word(event, "prefix", str))


def _listed(contract: Document) -> Document:
    kept = {name: contract[name] for name in ("prefix", "version", "created_at")}
    return {**kept, "schema": described(contract["schema"])}
