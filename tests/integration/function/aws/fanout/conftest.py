import pytest

from function.aws.fanout.work import Work
from function.domain.instructions import Options
from function.scan.parts.model import Plan
from function.scan.parts.plan import plan
from local.stack import Stack

TABLE = b"id,name\n" + b"".join(b"%d,name %d\n" % (number, number) for number in range(5000))


@pytest.fixture
def work(stack: Stack) -> Work:
    return Work(stack.client("s3"), stack.names.output_bucket)


@pytest.fixture(scope="session")
def table_plan() -> Plan:
    """Of `TABLE`, in parts of 10,000 bytes."""
    found = plan(iter([TABLE]), len(TABLE), Options(), 10_000)
    assert found
    return found
