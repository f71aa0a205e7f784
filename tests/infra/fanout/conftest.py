from tests.infra.iam.conftest import world

__all__ = ["world"]
