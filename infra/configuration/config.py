"""Everything a stack may choose, parsed once. Pulumi.yaml describes the same keys for the command line."""

from dataclasses import dataclass, fields
from typing import Self

from infra.configuration import encryption_keys, schedule_expressions, topics
from infra.configuration.keys import Reader, camel, key, read

# "RetentionInDays", PutRetentionPolicy, CloudWatch Logs API reference
_LOG_RETENTION = (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922)
_TABLES = (".csv", ".tsv", ".tab", ".psv")
_PACKED = ("", ".gz", ".zst", ".bz2", ".xz", ".zip")
# S3 compares case-sensitively: data.csv.gz, DATA.CSV.gz and DATA.CSV.GZ each need a filter of their own.
_SUFFIXES = tuple(
    spelt
    for table in _TABLES
    for packed in _PACKED
    for spelt in dict.fromkeys((table + packed, table.upper() + packed, (table + packed).upper()))
)


@dataclass(frozen=True, slots=True)
class Config:
    """The stack's configuration; the field `bucket_prefix` is the key `bucketPrefix`, and so on.

    `deletion_protection` stands for production as a whole: nothing that holds data, or that protects it, can
    be deleted or replaced. `final_snapshot` says what is left behind once that has been lifted. An empty
    text, an empty list and the number 0 mean "none" wherever the words of `allowed` say so.
    """

    bucket_prefix: str = key(
        allowed="3 to 50 lower-case letters, digits and hyphens; not xn--, sthree- or amzn-s3-demo- first",
        pattern=r"(?!xn--|sthree-|amzn-s3-demo-)[a-z0-9][a-z0-9-]{1,48}[a-z0-9]",
    )
    deletion_protection: bool = key(True, allowed="true or false")
    final_snapshot: bool = key(True, allowed="true or false")
    tags: tuple[str, ...] = key(
        (),
        allowed='at most 47 times "Name=value", of letters, digits, blanks and _.:/=+-@; Name not aws:…',
        pattern=r"(?!aws:)[\w.:/+@-]{1,128}=(?u:[\w .:/=+@-]){0,256}",
        same=lambda tag: tag.partition("=")[0].casefold(),
    )

    memory: int = key(1024, allowed="128 to 10240 (MB; 1769 is one whole core)", among=range(128, 10241))
    ephemeral_storage: int = key(512, allowed="512 to 10240 (MB)", among=range(512, 10241))
    timeout: int = key(900, allowed="30 to 900 (seconds)", among=range(30, 901))
    architecture: str = key("arm64", allowed="arm64 or x86_64", among=("arm64", "x86_64"))
    reserved_concurrency: int = key(0, allowed="1 to 1000, or 0 for none", among=range(1001))
    split_megabytes: int = key(256, allowed="64 to 10240, or 0 for never (MB)", among=(0, *range(64, 10_241)))
    part_megabytes: int = key(64, allowed="1 to 1024 (MB)", among=range(1, 1025))
    part_concurrency: int = key(100, allowed="1 to 1000", among=range(1, 1001))
    part_memory: int = key(1769, allowed="1024 to 10240 (MB)", among=range(1024, 10_241))
    input_suffixes: tuple[str, ...] = key(
        _SUFFIXES, allowed="a list of endings, each starting with a dot", pattern=r"\.[\w.-]{1,40}"
    )
    max_rejected_rows: int = key(0, allowed="0 or more", among=range(1_000_000_001))
    max_ragged_rows: int = key(0, allowed="0 or more", among=range(1_000_000_001))
    max_doubts: int = key(-1, allowed="0 or more, or -1 for any number", among=range(-1, 1_000_001))
    supersede_seconds: int = key(60, allowed="1 to 3600, or 0 for never (seconds)", among=range(3601))
    series_remarks: str = key("warn", allowed="warn or fail", among=("warn", "fail"))
    excerpts: bool = key(True, allowed="true or false")
    values: bool = key(True, allowed="true or false")
    html_report: str = key("doubt", allowed="never, doubt or always", among=("never", "doubt", "always"))
    reconcile_schedule: str = key(
        "rate(1 day)", allowed=schedule_expressions.ALLOWED, fault=schedule_expressions.fault
    )
    rotation_days: int = key(30, allowed="1 to 365, or 0 for never", among=range(366))
    image_cache: bool = key(True, allowed="true or false")
    image_digest: str = key(
        "",
        allowed='"sha256:" and 64 hexadecimal digits, or empty to build the image',
        pattern=r"(sha256:[0-9a-f]{64})?",
    )

    database_class: str = key(
        "db.t4g.micro", allowed="an RDS instance class such as db.t4g.micro", pattern=r"db\.\w+\.\w+"
    )
    database_version: int = key(
        17, allowed="15 to 18 (the majors of PostgreSQL that force TLS)", among=range(15, 19)
    )
    database_storage: int = key(20, allowed="20 to 65536 (GiB)", among=range(20, 65537))
    database_max_storage: int = key(
        100, allowed="22 to 65536 (GiB), 110 % of databaseStorage at least", among=range(22, 65537)
    )
    database_multi_az: bool = key(False, allowed="true or false")
    database_backup_days: int = key(7, allowed="1 to 35", among=range(1, 36))

    log_retention_days: int = key(
        30, allowed=f"one of {', '.join(map(str, _LOG_RETENTION))}", among=_LOG_RETENTION
    )
    old_version_days: int = key(
        30, allowed="15 to 3650 (a failed event waits up to 14 days in the queue)", among=range(15, 3651)
    )
    backup_archive_days: int = key(90, allowed="1 to 3650, or 0 for never", among=range(3651))

    object_lock_days: int = key(0, allowed="1 to 36500, or 0 for no lock", among=range(36501))
    access_logs: bool = key(False, allowed="true or false")
    flow_logs: bool = key(False, allowed="true or false")
    kms_key_arn: str = key("", allowed=encryption_keys.ALLOWED, fault=encryption_keys.fault)
    uploader_accounts: tuple[str, ...] = key(
        (), allowed="a list of AWS accounts, each of 12 digits", pattern=r"\d{12}"
    )

    alarm_errors: int = key(0, allowed="0 or more", among=range(1_000_000))
    alarm_duration_ms: int = key(5000, allowed="1 to 900000 (milliseconds)", among=range(1, 900_001))
    alarm_reconcile_hours: int = key(26, allowed="2 to 168, or 0 for no alarm", among=(0, *range(2, 169)))
    alarm_database_connections: int = key(60, allowed="1 to 10000", among=range(1, 10_001))
    topic_arn: str = key(
        "", allowed="the ARN of a standard SNS topic, or empty for one of our own", fault=topics.fault
    )
    notification_emails: tuple[str, ...] = key(
        (), allowed="a list of e-mail addresses", pattern=r"[^@\s]+@[^@\s]+", same=str.casefold
    )

    permissions_boundary: str = key(
        "",
        allowed="the ARN of an IAM policy, or empty for none",
        pattern=r"(arn:aws:iam::(\d{12}|aws):policy/([\w+=,.@-]{1,128}/)*[\w+=,.@-]{1,128})?",
    )

    vpc_id: str = key("", allowed="vpc-…, or empty for one of our own", pattern=r"(vpc-[0-9a-f]+)?")
    subnet_ids: tuple[str, ...] = key((), allowed="a list of subnet-…", pattern=r"subnet-[0-9a-f]+")
    endpoint_zones: int = key(2, allowed="1 or 2", among=(1, 2))
    availability_zones: tuple[str, ...] = key(
        (),
        allowed="two zones such as eu-central-1a, or none for a and b",
        pattern=r"[a-z]{2}(-[a-z]+)+-\d[a-z]",
    )

    @classmethod
    def parse(cls, get: Reader) -> Self:
        """Read every key with `get`, which returns a key's text or None.

        Raises:
            ConfigError: naming the first key that is wrong, what it is, and what is allowed.
        """
        return cls(**{declared.name: read(declared, get) for declared in fields(cls)})

    @classmethod
    def keys(cls) -> frozenset[str]:
        """Every key that there is."""
        return frozenset(camel(declared.name) for declared in fields(cls))

    @property
    def keeps_data(self) -> bool:
        """Whether the data outlives the stack."""
        return self.deletion_protection or self.final_snapshot

    @property
    def makes_key(self) -> bool:
        """Whether the stack has a key of its own for what it holds."""
        return self.kms_key_arn == encryption_keys.CREATE

    @property
    def splits(self) -> bool:
        """Whether large files are read in parts."""
        return self.split_megabytes > 0

    @property
    def is_burstable(self) -> bool:
        """Whether the database's class has a CPU baseline, above which credits are spent: the t classes."""
        return self.database_class.startswith("db.t")

    def tag_map(self) -> dict[str, str]:
        """The tags as names and values."""
        return dict(tag.split("=", 1) for tag in self.tags)
