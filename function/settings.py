"""What the function must be told about its surroundings."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from function.errors import SettingsError


@dataclass(frozen=True, slots=True)
class Settings:
    """The worker's settings; each field is the environment variable of the same name in capitals.

    Attributes:
        output_bucket: receives results/…/result.json.
        backup_bucket: receives backup/….
        topic_arn: the shared SNS topic.
        database_secret_arn: ARN or name of the secret with the application's database credentials.
        database_ca_file: PEM file of the authorities that may vouch for the database.
    """

    output_bucket: str
    backup_bucket: str
    topic_arn: str
    database_secret_arn: str
    database_ca_file: str

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Self:
        """Read the settings once, before any work.

        Raises:
            SettingsError: naming each variable that is missing, empty or wrong.
        """
        names = {field: field.upper() for field in cls.__dataclass_fields__}
        missing = [name for name in names.values() if not environ.get(name, "").strip()]
        if missing:
            raise SettingsError(f"environment variables not set: {', '.join(missing)}")
        settings = cls(**{field: environ[name].strip() for field, name in names.items()})
        if not settings.topic_arn.startswith("arn:"):
            raise SettingsError(f"TOPIC_ARN must be an ARN (arn:aws:sns:…), not {settings.topic_arn!r}")
        if not Path(settings.database_ca_file).is_file():
            raise SettingsError(f"DATABASE_CA_FILE names no file: {settings.database_ca_file!r}")
        return settings
