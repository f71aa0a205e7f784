from tests.infra.support.program import Program, run, stack_config


def test_the_database_is_private_encrypted_and_of_a_version_that_forces_tls(program: Program) -> None:
    instance = program.one("Instance")
    assert instance["engine"] == "postgres"
    assert int(instance["engineVersion"]) >= 15  # rds.force_ssl is on by default from here
    assert "parameterGroupName" not in instance.inputs  # nor does a group of ours turn it off
    assert instance["publiclyAccessible"] is False
    assert instance["storageEncrypted"] is True
    assert instance["storageType"] == "gp3"


def test_the_version_can_be_raised(program: Program) -> None:
    assert program.one("Instance")["allowMajorVersionUpgrade"] is True


def test_the_storage_can_grow(program: Program) -> None:
    instance = program.one("Instance")
    assert instance["maxAllocatedStorage"] >= 1.1 * instance["allocatedStorage"]


def test_rds_itself_makes_and_keeps_the_master_password(program: Program) -> None:
    instance = program.one("Instance")
    assert instance["manageMasterUserPassword"] is True
    assert not {"password", "passwordWo"} & set(instance.inputs)


def test_the_application_secret_is_an_empty_shell(program: Program) -> None:
    assert program.one("Secret")["name"] in {"csv-pipeline-dev/database", "csv-pipeline-prod/database"}
    assert not program.all("SecretVersion")


def test_production_cannot_lose_its_database(prod: Program) -> None:
    instance = prod.one("Instance")
    assert instance.protect
    assert instance["deletionProtection"] is True
    assert instance["skipFinalSnapshot"] is False
    assert instance["finalSnapshotIdentifier"] == f"{prod.one('SubnetGroup').name}-0a1b2c3-final"
    assert instance["multiAz"] is True
    assert instance["backupRetentionPeriod"] == 30
    assert instance["applyImmediately"] is False
    assert prod.one("Secret").protect
    assert prod.one("Secret")["recoveryWindowInDays"] == 30


def test_a_protection_that_is_lifted_still_leaves_a_snapshot() -> None:
    program = run("prod", stack_config("Pulumi.prod.yaml.example", deletionProtection=False))
    instance = program.one("Instance")
    assert (instance.protect, instance["deletionProtection"]) == (False, False)
    assert instance["skipFinalSnapshot"] is False
    assert instance["finalSnapshotIdentifier"].endswith("-0a1b2c3-final")


def test_development_leaves_nothing_of_the_database_behind(dev: Program) -> None:
    instance = dev.one("Instance")
    assert not instance.protect
    assert instance["deletionProtection"] is False
    assert instance["skipFinalSnapshot"] is True
    assert "finalSnapshotIdentifier" not in instance.inputs
    assert dev.one("Secret")["recoveryWindowInDays"] == 0  # or the same name could not be made again
