"""Runs the real program under mocks, in a process of its own, and prints what it registered as JSON.

python -m tests.infra.support.record STACK < CONFIG.json      as `pulumi up` would see it
python -m tests.infra.support.record STACK --preview < ...    with every computed value unknown
"""

import hashlib
import json
import runpy
import sys
from pathlib import Path
from typing import Any

import pulumi
from google.protobuf.json_format import MessageToDict
from pulumi.runtime import mocks, rpc
from pulumi.runtime.settings import set_root_resource
from pulumi.runtime.stack import run_in_stack
from pulumi.runtime.sync_await import _sync_await

from tests.infra.support.program import ACCOUNT, PROJECT, REGION, ROOT

_SECRET = {rpc._special_sig_key: rpc._special_secret_sig}


class Cloud(mocks.Mocks):
    """Makes up what AWS would answer. Without a made-up value Pulumi drops the input that depends on it."""

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        raise AssertionError(f"the program asks AWS for {args.token}")

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        kind = args.typ.split(":")[-1]
        name = args.inputs.get("name") or args.inputs.get("bucket") or f"{args.name}-0a1b2c3"
        made_up: dict[str, dict[str, Any]] = {
            "Vpc": {"id": "vpc-1"},
            "Bucket": {"id": name, "arn": f"arn:aws:s3:::{name}"},
            "LogGroup": {"arn": _arn("logs", f"log-group:{name}")},
            "Role": {"id": name, "arn": f"arn:aws:iam::{ACCOUNT}:role/{name}"},
            "Function": {"arn": _arn("lambda", f"function:{name}")},
            "Key": {"arn": _arn("kms", "key/11111111-2222-3333-4444-555555555555")},
            "Queue": {
                "arn": _arn("sqs", name),
                "url": f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/{name}",
            },
            "StateMachine": {"arn": _arn("states", f"stateMachine:{name}")},
            "EventRule": {"arn": _arn("events", f"rule/{name}")},
            "Topic": {"arn": _arn("sns", name)},
            "Secret": {"arn": _arn("secretsmanager", f"secret:{name}-AbCdEf")},
            "VpcEndpoint": {"prefixListId": "pl-1"},
            "Repository": {
                "registryId": ACCOUNT,
                "repositoryUrl": f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/{name}",
            },
            "Instance": {
                "address": "db.example.internal",
                "endpoint": "db.example.internal:5432",
                "identifier": name,
                "masterUserSecrets": [{"secretArn": _arn("secretsmanager", "secret:rds!db-1-GhIjKl")}],
            },
        }
        if args.typ == "docker-build:index:Image":
            made_up[kind] = {"digest": f"sha256:{_context_hash(Path(args.inputs['context']['location']))}"}
        state = {"name": name} | dict(args.inputs) | made_up.get(kind, {})
        return state.get("id", f"{args.name}-id"), state


class Nothing(Cloud):
    """What a preview knows: the inputs, and nothing that AWS would have to say."""

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        return "", dict(args.inputs)


class Recorder(mocks.MockMonitor):
    """Keeps the raw requests: more of a resource than its inputs is worth a test."""

    def __init__(self, cloud: mocks.Mocks):
        super().__init__(cloud)
        self.recorded: list[dict[str, Any]] = []

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802 the name that gRPC calls
        response = super().RegisterResource(request)  # type: ignore[no-untyped-call]
        secrets: list[str] = []
        self.recorded.append(
            {
                "urn": response.urn,
                "type": request.type,
                "name": request.name,
                "parent": request.parent,
                "custom": request.custom,
                "inputs": _open(MessageToDict(request.object), "", secrets),
                "secrets": secrets,
                "dependencies": sorted(request.dependencies),
                "protect": request.protect,
                "retain": request.retainOnDelete,
                "deleted_within": request.customTimeouts.delete,
                "aliases": [*request.aliasURNs, *(each.urn or each.spec.name for each in request.aliases)],
                "secret_outputs": list(request.additionalSecretOutputs),
                "provider": request.provider.split("::")[-2:],
            }
        )
        return response

    def RegisterResourceOutputs(self, request: Any) -> Any:  # noqa: N802 the name that gRPC calls
        self.recorded.append({"urn": request.urn, "outputs": MessageToDict(request.outputs)})
        return super().RegisterResourceOutputs(request)  # type: ignore[no-untyped-call]


def _context_hash(location: Path) -> str:
    """As the provider hashes a context, to decide whether to build: names, modes and contents."""
    digest = hashlib.sha256()
    for path in sorted(location.rglob("*")):
        if path.is_file():
            digest.update(
                f"{path.relative_to(location)} {path.stat().st_mode:o} ".encode() + path.read_bytes()
            )
    return digest.hexdigest()


def _arn(service: str, rest: str) -> str:
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{rest}"


def _open(value: Any, path: str, secrets: list[str]) -> Any:
    """The value without its wrappers, noting which paths were marked secret."""
    if isinstance(value, dict):
        if value.items() >= _SECRET.items():
            secrets.append(path)
            return _open(value["value"], path, secrets)
        return {name: _open(inner, f"{path}.{name}".lstrip("."), secrets) for name, inner in value.items()}
    if isinstance(value, list):
        return [_open(inner, f"{path}[{number}]", secrets) for number, inner in enumerate(value)]
    return value


def _program() -> None:
    runpy.run_path(str(ROOT / "__main__.py"), run_name="__main__")


def main() -> None:
    stack, preview = sys.argv[1], "--preview" in sys.argv
    recorder = Recorder(Nothing() if preview else Cloud())
    mocks.set_mocks(recorder.mocks, project=PROJECT, stack=stack, preview=preview, monitor=recorder)
    set_root_resource(None)  # type: ignore[arg-type]  # the one that mocks make never tells its outputs
    pulumi.runtime.set_all_config(json.load(sys.stdin))
    _sync_await(run_in_stack(_program))  # as the language host does: whatever fails, ends the process
    json.dump(recorder.recorded, sys.stdout)


if __name__ == "__main__":
    main()
