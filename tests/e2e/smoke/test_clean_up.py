"""The last step of the smoke test: nothing is left, or what is left is named."""

from typing import TYPE_CHECKING

import pytest

from local.stack import Stack
from ops.smoke.advice import BACKUP, CLEAN_UP
from tests.e2e.support.smoke import INPUT, KEPT, OUTPUT, ROWS, assert_failed, erase, left
from tests.support import uploads
from tests.support.s3_proxy import S3Proxy

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
from tests.e2e.support.smoke import Smoke


def test_a_delete_marker_is_removed_too_and_a_key_that_goes_on_is_left_alone(
    stack: Stack, smoke: Smoke, proxy: S3Proxy, s3: "S3Client"
) -> None:
    def hide() -> None:
        (each,) = s3.list_objects_v2(Bucket=KEPT, Prefix="backup/smoke/")["Contents"]
        s3.delete_object(Bucket=KEPT, Key=each["Key"])
        s3.put_object(Bucket=KEPT, Key=f"{each['Key']}.other", Body=b"other")

    proxy.first["GET", f"/{KEPT}/backup/smoke/"] = hide
    assert_failed(smoke(), BACKUP, "NoSuchKey")
    page = s3.list_object_versions(Bucket=KEPT, Prefix="backup/smoke/")
    assert [each["Key"].endswith(".other") for each in page["Versions"]] == [True]
    assert "DeleteMarkers" not in page


def test_the_page_beside_a_result_is_removed_too(
    stack: Stack, smoke: Smoke, proxy: S3Proxy, s3: "S3Client"
) -> None:
    """As there is one, where `htmlReport` is `always`."""

    def draw() -> None:
        (each,) = s3.list_objects_v2(Bucket=OUTPUT, Prefix="results/smoke/")["Contents"]
        s3.put_object(Bucket=OUTPUT, Key=each["Key"].replace("result.json", "report.html"), Body=b"page")

    proxy.first["GET", f"/{OUTPUT}/results/smoke/"] = draw
    assert smoke().returncode == 0
    assert left(stack) == set()


@pytest.mark.parametrize("bucket", [INPUT, OUTPUT, KEPT])
def test_an_object_that_may_not_be_removed_keeps_its_row(
    stack: Stack, smoke: Smoke, proxy: S3Proxy, bucket: str
) -> None:
    proxy.refused.add(("DELETE", f"/{bucket}/"))
    done = smoke()
    assert_failed(done, CLEAN_UP, rf"s3://{bucket}/\S+ stays: .*AccessDenied.*; so the row stays, too")
    assert "left behind " in done.stdout
    assert left(stack) == {bucket, ROWS}


def test_a_row_that_cannot_be_removed(stack: Stack, smoke: Smoke) -> None:
    what = "EXECUTE ON FUNCTION forget_smoke(TEXT, TEXT)"
    uploads.query(stack, f"REVOKE {what} FROM csv_pipeline")
    done = smoke()
    uploads.query(stack, f"GRANT {what} TO csv_pipeline")
    assert_failed(done, CLEAN_UP, "permission denied for function forget_smoke")
    assert left(stack) == {ROWS}


def test_a_row_that_was_reopened_meanwhile_is_not_removed(stack: Stack, smoke: Smoke, proxy: S3Proxy) -> None:
    proxy.first["DELETE", f"/{INPUT}/"] = lambda: uploads.query(
        stack, "UPDATE file_metadata SET finished_at = NULL WHERE filename LIKE 'smoke/%'"
    )
    assert_failed(smoke(), CLEAN_UP, "forget: s3://local-input/smoke/.*: it is not finished")
    assert left(stack) == {ROWS}


def test_the_first_step_is_named_when_the_clean_up_fails_too(
    stack: Stack, smoke: Smoke, proxy: S3Proxy
) -> None:
    proxy.first["GET", f"/{KEPT}/backup/smoke/"] = lambda: erase(stack, KEPT)
    proxy.refused.add(("DELETE", f"/{OUTPUT}/"))
    done = smoke()
    assert_failed(done, BACKUP, "NoSuchKey", clean_up="✗")
    assert left(stack) == {OUTPUT, ROWS}
