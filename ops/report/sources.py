"""Where the result comes from that a page is made of: a scan on this machine, or a deployed stack."""

from function.domain.csv_document import csv_document
from function.domain.model import Document
from function.domain.report import error_document, storable
from function.scan import Options, scan
from ops.deployed.deployment import Deployment, RefusedError
from ops.run.inputs import Input
from ops.run.profile import chunks

_VERSIONS = 1000


def scanned(item: Input) -> Document:
    """The verdict on a file under the limits of a stack that sets none; of a result what no service is in.

    Raises:
        OSError: the file cannot be read.
    """
    found = scan(chunks(item), Options())
    document: Document = storable(
        {
            "status": "failed" if found.error else "succeeded",
            "source": {"key": str(item.path), "size_bytes": found.size, "sha256": found.sha256},
            "csv": csv_document(found.profile) if found.profile else None,
            "error": error_document(found.error) if found.error else None,
        }
    )
    return document


def stored(deployment: Deployment, key: str, version: str | None) -> Document:
    """The result.json of a version of a key, by default of the latest that has one.

    Raises:
        RefusedError: there is none.
        DeploymentError: the function, or a service behind it, failed.
    """
    for row in deployment.ask("versions", key=key, limit=_VERSIONS)["rows"]:
        if row["result_key"] and version in {None, row["version_id"]}:
            return deployment.result(row)
    of = f"version {version} of {key!r}" if version else repr(key)
    raise RefusedError(f"there is no result of {of}: `pipeline history` lists the files that were processed")
