"""The variables of the functions' processes: what Lambda and the deployment would set."""

import os
from collections.abc import Mapping
from pathlib import Path

from local.aws import state_machine
from local.aws.resources import Names
from local.awslambda.runtime_api import FUNCTION_NAME


def of_worker(emulator: Mapping[str, str], directory: Path, names: Names, ca_file: Path) -> dict[str, str]:
    """Made from nothing, so that the caller's profile or endpoints never reach a worker.

    Args:
        emulator: what makes any AWS SDK talk to the emulator.
        directory: the stack's own, for temporary files.
        names: of the stack's resources.
        ca_file: PEM file of the authority that vouches for the database.
    """
    return {
        **emulator,
        "PATH": os.defpath,
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "TMPDIR": str(directory),
        "POLARS_TEMP_DIR": str(directory),
        "AWS_LAMBDA_FUNCTION_NAME": FUNCTION_NAME,
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_LOG_FORMAT": "JSON",
        "AWS_LAMBDA_LOG_LEVEL": "INFO",
        "OUTPUT_BUCKET": names.output_bucket,
        "BACKUP_BUCKET": names.backup_bucket,
        "TOPIC_ARN": names.topic_arn,
        "DATABASE_SECRET_ARN": names.database_secret_arn,
        "DATABASE_CA_FILE": str(ca_file),
        "STATE_MACHINE_ARN": state_machine.ARN,
    }


def of_part(worker: Mapping[str, str]) -> dict[str, str]:
    """Of the function that reads parts: it knows neither topic, nor database, nor backups."""
    unknown = ("BACKUP_BUCKET", "TOPIC_ARN", "DATABASE_SECRET_ARN", "DATABASE_CA_FILE", "STATE_MACHINE_ARN")
    return {name: value for name, value in worker.items() if name not in unknown}


def of_finish(worker: Mapping[str, str]) -> dict[str, str]:
    """Of the function that merges parts and finishes the file: it starts no execution."""
    return {name: value for name, value in worker.items() if name != "STATE_MACHINE_ARN"}
