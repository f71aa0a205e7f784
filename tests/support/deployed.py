"""The `pipeline` command as an operator types it, against an embedded stack that looks deployed."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from local.stack import Stack
from tests.support.lambda_api import LambdaApi

_PIPELINE = str(Path(sys.executable).parent / "pipeline")


def outputs(stack: Stack) -> dict[str, str]:
    """What `pulumi stack output` would say."""
    names = stack.names
    return {
        "input_bucket": names.input_bucket,
        "output_bucket": names.output_bucket,
        "backup_bucket": names.backup_bucket,
        "function_name": "pipeline",
        "operator_function_name": "pipeline-operator",
        "topic_arn": names.topic_arn,
        "database_secret_arn": names.database_secret_arn,
        "dead_letter_queue_url": stack.dead_letter_queue_url,
        "repository_url": "123456789012.dkr.ecr.us-east-1.amazonaws.com/pipeline",
        "log_group": "/aws/lambda/pipeline",
    }


@dataclass(frozen=True)
class Pipeline:
    """Runs the command with the operator's credentials, and a Pulumi that knows the outputs.

    Attributes:
        folder: has `pulumi` and `outputs.json`.
        environment: of the command.
    """

    folder: Path
    environment: dict[str, str]

    def __call__(
        self, *arguments: str, stdin: str | None = None, **variables: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [_PIPELINE, *arguments],
            capture_output=True,
            input=stdin,
            text=True,
            env=self.environment | variables,
            timeout=60,
            check=False,
        )


def pipeline(stack: Stack, api: LambdaApi, folder: Path, said: Mapping[str, str]) -> Pipeline:
    """The command; `said` are the stack's outputs."""
    pulumi, answer = folder / "pulumi", folder / "outputs.json"
    answer.write_text(json.dumps(said))
    pulumi.write_text(
        f'#!/bin/sh\n[ "$5" != nowhere ] || {{ echo "no stack named nowhere" >&2; exit 1; }}\ncat {answer}\n'
    )
    pulumi.chmod(0o755)
    environment = {
        **{name: value for name, value in stack.environment.items() if name.startswith("AWS_")},
        "AWS_ENDPOINT_URL_LAMBDA": f"http://127.0.0.1:{api.server_port}",
        "PATH": f"{folder}:{os.defpath}",
        "COLUMNS": "200",
    }
    return Pipeline(folder, environment)
