"""What goes wrong next, at which call: for models whose parts are the function's own."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from function.domain.errors import TransientError

STEPS = (
    "claim", "get_object", "record", "put_object", "copy_object", "publish", "settle", "known", "unfinished",
)  # fmt: skip


class Crash(BaseException):
    """The worker is gone."""


@dataclass
class Conditions:
    """What goes wrong next, at which call; once a worker is dead, nothing of it gets through."""

    step: str = ""
    kind: str = ""
    dead: bool = False
    struck: int = 0

    @property
    def may_lose_word(self) -> int:
        """How many messages may have been sent while the ledger cannot know."""
        return self.struck if self.step in ("put_object", "copy_object", "publish", "settle") else 0

    def _die_if(self, now: bool) -> None:
        self.dead = self.dead or now
        if self.dead:
            raise Crash

    @contextmanager
    def around(self, call: str) -> Iterator[None]:
        """Strike before or after the call, if it is the one."""
        struck = call == self.step and bool(self.kind)
        self.struck += struck
        self._die_if(struck and self.kind == "crash before")
        if struck and self.kind == "outage":
            raise ConnectionResetError(f"{call}: reset by the test")
        yield
        self._die_if(struck and self.kind == "crash after")
        if struck and self.kind == "answer lost":
            raise ConnectionResetError(f"{call}: answer lost by the test")


class Client:
    """An AWS client under the conditions."""

    def __init__(self, client: Any, conditions: Conditions):
        self._client, self._conditions = client, conditions

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def call(**arguments: Any) -> Any:
            with self._conditions.around(name):
                return getattr(self._client, name)(**arguments)

        return call


class Queries:
    """The claims, or the register, under the conditions."""

    def __init__(self, inner: Any, conditions: Conditions):
        self._inner, self._conditions = inner, conditions

    def __getattr__(self, name: str) -> Callable[..., Any]:
        async def call(*arguments: Any) -> Any:
            try:
                with self._conditions.around(name):
                    return await getattr(self._inner, name)(*arguments)
            except ConnectionResetError as error:
                raise TransientError(str(error)) from error

        return call
