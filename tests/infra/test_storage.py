import json

import pytest

from tests.infra.support.program import ACCOUNT, Program

ROLES = ("input", "output", "backup")


def test_the_buckets_have_the_configured_names(dev: Program, prod: Program) -> None:
    assert {bucket["bucket"] for bucket in dev.all("Bucket")} == {f"candidate-test-{role}" for role in ROLES}
    assert {bucket["bucket"] for bucket in prod.all("Bucket")} == {
        f"example-com-csv-{role}" for role in ROLES
    }


@pytest.mark.parametrize("role", ROLES)
def test_every_bucket_is_versioned_encrypted_private_and_owned(program: Program, role: str) -> None:
    assert program.one("BucketVersioning", role)["versioningConfiguration"] == {"status": "Enabled"}
    [rule] = program.one("BucketServerSideEncryptionConfiguration", role)["rules"]
    assert rule == {"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"}}
    assert program.one("BucketOwnershipControls", role)["rule"] == {"objectOwnership": "BucketOwnerEnforced"}
    block = program.one("BucketPublicAccessBlock", role).inputs
    flags = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
    assert [block[flag] for flag in flags] == [True] * 4


@pytest.mark.parametrize("role", ROLES)
def test_every_bucket_refuses_plain_http_and_old_tls(program: Program, role: str) -> None:
    statements = program.policy("BucketPolicy", role)
    assert {json.dumps(each["Condition"]) for each in statements} == {
        '{"Bool": {"aws:SecureTransport": "false"}}',
        '{"NumericLessThan": {"s3:TlsVersion": "1.2"}}',
        json.dumps(
            {
                "StringNotEquals": {"aws:PrincipalAccount": [ACCOUNT]},
                "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
            }
        ),
    }
    arn = f"arn:aws:s3:::{program.one('Bucket', role)['bucket']}"
    for each in statements:
        assert (each["Effect"], each["Principal"], each["Action"]) == ("Deny", "*", "s3:*")
        assert each["Resource"] == [arn, f"{arn}/*"]


def test_unfinished_uploads_and_old_versions_do_not_pile_up(dev: Program) -> None:
    rules = {role: dev.one("BucketLifecycleConfiguration", role)["rules"] for role in ROLES}
    for role in ROLES:
        assert rules[role][0]["abortIncompleteMultipartUpload"] == {"daysAfterInitiation": 7}
    for role in ("input", "output"):
        _, old, *_ = rules[role]
        assert old["noncurrentVersionExpiration"] == {"noncurrentDays": 15}
        assert old["expiration"] == {"expiredObjectDeleteMarker": True}


def test_what_parts_found_is_removed_in_days_however_long_old_versions_are_kept(dev: Program) -> None:
    [work] = dev.one("BucketLifecycleConfiguration", "output")["rules"][2:]
    assert (work["filter"], work["expiration"]) == ({"prefix": "work/"}, {"days": 1})
    assert work["noncurrentVersionExpiration"] == {"noncurrentDays": 1}
    assert len(dev.one("BucketLifecycleConfiguration", "input")["rules"]) == 2


def test_backups_are_archived_but_never_removed(dev: Program) -> None:
    [_, archive] = dev.one("BucketLifecycleConfiguration", "backup")["rules"]
    assert archive["filter"] == {"prefix": "backup/"}
    assert archive["transitions"] == [{"days": 90, "storageClass": "GLACIER_IR"}]
    assert not any("xpiration" in key for key in archive)


def test_production_keeps_its_buckets_and_development_throws_them_away(dev: Program, prod: Program) -> None:
    for bucket in prod.all("Bucket"):
        assert (bucket.protect, bucket.retain, bucket["forceDestroy"]) == (True, True, False)
    for bucket in dev.all("Bucket"):
        assert (bucket.protect, bucket.retain, bucket["forceDestroy"]) == (False, False, True)
