"""Unique words in everything a stranger or an operator hands in, and where they are found afterwards."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.stack import Stack
from tests.support import uploads

CELL, HEADER, SAID, SECRET = "canarycellq7", "canaryheadq7", "canarysaidq7", "canarysecretq7"
REST = {"port": 1, "dbname": "app", "username": "app", "password": SECRET}
BODIES = {
    "succeeded": f"id,{HEADER}\n1,a\n2,{CELL}\n3,z\n",
    "failed": f'id,{HEADER}\n1,"{CELL}\n' + "2,b\n" * 100,
}
HOSTILE = [
    "../../etc/passwd.csv",
    "line\nbreak\r\nSubject: x.csv",
    "tab\t\x01\x1b[31m.csv",
    "\u202etxt.exe\u2066.csv",
    "'; DROP TABLE file_metadata; --.csv",
    "=cmd|' /C calc'!A0.csv",
    "line\u2028Status    failed\x85.csv",
]


def password(stack: Stack) -> str:
    client = stack.client("secretsmanager")
    answer = client.get_secret_value(SecretId=stack.names.database_secret_arn)
    found: str = json.loads(answer["SecretString"])["password"]
    return found


@pytest.mark.parametrize("status", BODIES)
def test_what_is_confidential_is_only_where_this_page_says(stack: Stack, status: str) -> None:
    obj = uploads.put(stack, f"canary-{status}.csv", BODIES[status].encode(), Metadata={"note": SAID})
    traces = uploads.finished(stack, obj)
    traces.assert_exactly_once(status)
    log = stack.log.read_text()
    places = {
        "log": log,
        "dead letter": json.dumps(stack.dead_letters()),
        "message": json.dumps(traces.messages),
        "result": json.dumps(traces.result),
        "page": uploads.page(stack, traces.result),
        "row": json.dumps(traces.row, default=str),
        "environment": json.dumps(stack.environment),
    }
    assert obj.version_id in log  # it is the log of this file
    found = {
        word: {place for place, text in places.items() if word in text}
        for word in (CELL, HEADER, SAID, password(stack))
    }
    assert CELL in json.dumps(places["result"]) or status == "succeeded"
    at_fault = {"message", "page"} if status == "failed" else set()
    assert found[CELL] == {"result", "row"} | at_fault if at_fault else found[CELL] <= {"result", "row"}
    assert found[HEADER] == {"result", "row", "message"} | at_fault
    assert found[SAID] == set()
    assert found[password(stack)] == set()


@pytest.mark.parametrize("status", BODIES)
def test_with_neither_excerpts_nor_values_a_cell_is_in_the_object_and_its_backup_alone(
    private: Stack, status: str
) -> None:
    obj = uploads.put(private, f"canary-{status}.csv", BODIES[status].encode(), Metadata={"note": SAID})
    traces = uploads.finished(private, obj)
    traces.assert_exactly_once(status)
    assert CELL.encode() in traces.body
    rest = [traces.messages, traces.results, traces.rows, private.dead_letters(), private.environment]
    told = private.log.read_text() + json.dumps(rest, default=str)
    assert HEADER in told
    assert [word for word in (CELL, SAID, password(private)) if word in told] == []


@pytest.fixture(scope="module")
def private() -> Iterator[Stack]:
    with Stack(variables={"EXCERPTS": "false", "VALUES": "false"}) as opened:
        yield opened


def test_no_worker_has_the_password_in_its_environment_or_its_arguments(stack: Stack) -> None:
    uploads.finished(stack, uploads.put(stack, "environment.csv", b"a\n1\n"))
    assert stack.workers
    for pid in stack.workers:
        for name in ("environ", "cmdline"):
            assert password(stack).encode() not in Path(f"/proc/{pid}/{name}").read_bytes()


WRONG_SECRETS = [
    f"postgresql://app:{SECRET}@db.example:5432/app",  # a connection string in the place of the document
    json.dumps({"host": f"postgresql://app:{SECRET}@db.example:5432/app", **REST}),
    json.dumps({"host": f"app:{SECRET}@db.example", **REST}),
    json.dumps({"host": "127.0.0.1", **REST}),  # nobody there, or another who is asked with it
    json.dumps({"password": SECRET}),
    json.dumps({"host": "127.0.0.1", **REST, "port": SECRET}),
    f'{{"password": "{SECRET}"',
]


def test_a_secret_that_is_wrong_is_repeated_nowhere() -> None:
    with Stack(retry_delays=()) as stack:
        for number, secret in enumerate(WRONG_SECRETS):
            stack.client("secretsmanager").put_secret_value(
                SecretId=stack.names.database_secret_arn, SecretString=secret
            )
            uploads.put(stack, f"secret-{number}.csv", BODIES["succeeded"].encode())
            stack.settle()
        dead_letters = json.dumps(stack.dead_letters())
        told = stack.log.read_text() + dead_letters + json.dumps(stack.messages())
    assert all(f"secret-{number}.csv" in dead_letters for number in range(len(WRONG_SECRETS)))
    assert SECRET not in told


def test_a_fault_of_the_database_says_nothing_of_password_or_content() -> None:
    with Stack(retry_delays=()) as stack:
        word = password(stack)
        stack.postgres.stop()
        uploads.put(stack, "canary-fault.csv", BODIES["succeeded"].encode(), Metadata={"note": SAID})
        stack.settle()
        dead_letters = json.dumps(stack.dead_letters())
        told = stack.log.read_text() + dead_letters + json.dumps(stack.messages())
        stack.postgres.start()
    assert "canary-fault.csv" in dead_letters
    assert [each for each in (word, CELL, HEADER, SAID) if each in told] == []


@pytest.mark.parametrize("key", HOSTILE)
def test_a_hostile_key_and_header_stay_text_everywhere(stack: Stack, key: str) -> None:
    name = key.replace("\n", " ").replace("\r", " ")
    quoted = name.replace('"', '""')
    obj = uploads.put(stack, key, f'id,"{quoted}"\n1,x\n2,y\n'.encode())
    uploads.until(lambda: any(row["finished_at"] for row in uploads.rows(stack, obj)), 60, "finished")
    [row] = uploads.rows(stack, obj)
    # not looked up in a list of the bucket: the emulator's has such keys as they are, which is no XML
    client = uploads.s3(stack)
    result = json.load(client.get_object(Bucket=stack.names.output_bucket, Key=row["result_key"])["Body"])
    backup = client.get_object(Bucket=stack.names.backup_bucket, Key=row["backup_key"])["Body"].read()
    assert len(backup) == obj.size
    assert row["status"] == "succeeded"
    assert row["filename"] == result["source"]["key"] == key
    assert row["result"] == result
    assert result["csv"]["columns"][1]["name"] == name.strip()
    [message] = [each for each in stack.messages() if obj.version_id in each["message"]]
    assert all(" " <= each <= "~" for each in message["subject"])
    assert len(message["subject"]) <= 100
    assert not set(message["message"]) & {chr(code) for code in range(32) if code != 10}
    assert not set(message["message"]) & set(
        "\x85\u2028\u202e\u2066"
    )  # or a line, or a name, could be forged
    [line] = [each for each in stack.log.read_text().split("\n") if obj.version_id in each]
    assert json.loads(line)["key"] == key
