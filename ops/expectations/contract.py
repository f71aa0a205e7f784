"""`pipeline contract`: what files of a prefix are expected to be."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from function.domain.contract.check import check
from function.domain.contract.schema import Contract
from function.domain.contract.words import ContractError
from ops.deployed.commands import AsJson, Key, Stack, Utc, deployed
from ops.run.inputs import InputError, resolve
from ops.run.profile import read
from ops.times import shown, zone

app = typer.Typer(no_args_is_help=True, help="Set requirements for files: a Table Schema for a prefix.")
console = Console()
Prefix = Annotated[str, typer.Argument(metavar="PREFIX", help="Prefix of the keys; '' for all.")]
Schema = Annotated[
    Path, typer.Argument(metavar="SCHEMA", help="A Frictionless Table Schema.", exists=True, dir_okay=False)
]


@app.command()
def put(prefix: Prefix, schema: Schema, stack: Stack = None, as_json: AsJson = False) -> None:
    """Store a contract; the one with the longest prefix applies. Exit status 2 if it is not supported."""
    document = _document(schema)
    _contract(document)
    with deployed(stack) as deployment:
        answer = deployment.ask("contract_put", prefix=prefix, schema=document)
    _say(answer, f"version {answer['version']} of the contract for {prefix!r}", as_json=as_json)


@app.command()
def get(
    prefix: Annotated[str, typer.Argument(metavar="PREFIX", help="The prefix of the contract.")] = "",
    key: Annotated[str, typer.Option(help="Instead of PREFIX: the contract that applies to this key.")] = "",
    stack: Stack = None,
    as_json: AsJson = False,
) -> None:
    """Print the schema of a contract; with --json its versions, too."""
    with deployed(stack) as deployment:
        answer = deployment.ask("contract_get", **({"key": key} if key else {"prefix": prefix}))
    _say(answer, json.dumps(answer["schema"], ensure_ascii=False, indent=2), as_json=as_json)


@app.command("list")
def list_(stack: Stack = None, utc: Utc = False, as_json: AsJson = False) -> None:
    """List all contracts."""
    with deployed(stack) as deployment:
        found = deployment.ask("contract_list")["contracts"]
    if as_json:
        for each in found:
            typer.echo(json.dumps(each, ensure_ascii=False))
        return
    table = Table("prefix", "version", f"since ({zone(utc=utc)})", "schema", box=None)
    table.columns[0].overflow = "fold"
    for each in found:
        since = shown(each["created_at"], utc=utc)
        table.add_row(Text(repr(each["prefix"])), str(each["version"]), since, each["schema"])
    console.print(table)


@app.command()
def rm(prefix: Prefix, stack: Stack = None, as_json: AsJson = False) -> None:
    """Remove the contract of a prefix; its former versions are kept."""
    with deployed(stack) as deployment:
        answer = deployment.ask("contract_remove", prefix=prefix)
    _say(answer, f"the contract for {prefix!r} is removed", as_json=as_json)


@app.command()
def suggest(key: Key, stack: Stack = None) -> None:
    """Print a schema derived from the latest result of a key; edit it, then use put."""
    with deployed(stack) as deployment:
        answer = deployment.ask("contract_suggest", key=key)
    typer.echo(json.dumps(answer["schema"], ensure_ascii=False, indent=2))


@app.command("test")
def hold(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A CSV file on this machine.")],
    schema: Annotated[
        Path | None, typer.Option(help="A Table Schema; by default the deployed contract.", exists=True)
    ] = None,
    key: Annotated[str, typer.Option(help="The key that the file will have; by default its name.")] = "",
    stack: Stack = None,
    as_json: AsJson = False,
) -> None:
    """Check a file against a contract before it is uploaded. Exit status 1 if it breaks it."""
    if schema:
        document = _document(schema)
    else:
        with deployed(stack) as deployment:
            document = deployment.ask("contract_get", key=key or file.name)["schema"]
    contract = _contract(document)
    scan = _read(file)
    breaches = [breach.document() for breach in check(contract, scan)]
    error = scan.error.message if scan.error else None
    if as_json:
        typer.echo(json.dumps({"path": str(file), "error": error, "breaches": breaches}, ensure_ascii=False))
    else:
        for message in [*([error] if error else []), *(breach["message"] for breach in breaches)]:
            console.print(Text.assemble(("✗", "red"), f" {message}"), soft_wrap=True)
        if not (error or breaches):
            console.print("[green]✓[/] the file meets the contract")
    raise typer.Exit(1 if error or breaches else 0)


def _read(file: Path) -> Any:
    try:
        (item,) = resolve([file])
        return read(item)
    except (InputError, OSError, ValueError) as error:
        raise typer.BadParameter(str(error) or "it is not one file", param_hint="FILE") from None


def _document(schema: Path) -> dict[str, Any]:
    try:
        document = json.loads(schema.read_text(encoding="utf-8"))
    except ValueError as error:
        raise typer.BadParameter(f"{schema} is no JSON: {error}", param_hint="SCHEMA") from None
    if not isinstance(document, dict):
        raise typer.BadParameter(f"{schema} is no JSON object", param_hint="SCHEMA")
    return document


def _contract(document: dict[str, Any]) -> Contract:
    try:
        return Contract.read(document)
    except ContractError as error:
        raise typer.BadParameter("\n".join(error.problems), param_hint="SCHEMA") from None


def _say(answer: dict[str, Any], text: str, *, as_json: bool) -> None:
    typer.echo(json.dumps(answer, ensure_ascii=False) if as_json else text)
