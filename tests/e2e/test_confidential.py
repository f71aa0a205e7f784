"""Unique words in everything a stranger or an operator hands in, and where they are found afterwards."""

import json

import pytest

from local.stack import Stack
from tests.support import uploads

CELL, HEADER, SAID = "canarycellq7", "canaryheadq7", "canarysaidq7"
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
        "row": json.dumps(traces.row, default=str),
        "environment": json.dumps(stack.environment),
    }
    assert obj.version_id in log  # it is the log of this file
    found = {
        word: {place for place, text in places.items() if word in text}
        for word in (CELL, HEADER, SAID, password(stack))
    }
    assert CELL in json.dumps(places["result"]) or status == "succeeded"
    assert found[CELL] <= {"result", "row"}
    assert found[HEADER] == {"result", "row", "message"}
    assert found[SAID] == set()
    assert found[password(stack)] == set()


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
    [line] = [each for each in stack.log.read_text().splitlines() if obj.version_id in each]
    assert json.loads(line)["key"] == key
