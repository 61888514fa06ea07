"""The one user and password of a server, compared without telling how near a guess came."""

import base64
import binascii
from dataclasses import dataclass, field
from secrets import compare_digest
from typing import Self

from index.errors import UsageError


@dataclass(frozen=True, slots=True)
class Password:
    """A user's name and password; never shown."""

    user: str
    password: str = field(repr=False)

    @classmethod
    def parse(cls, pair: str) -> Self:
        """Read USER:PASSWORD. Raises UsageError, without the words, for anything else."""
        user, _, password = pair.partition(":")
        if not user or not password:
            raise UsageError("The password is not in the form USER:PASSWORD. Set DATELINE_AUTH.")
        return cls(user, password)

    def fits(self, user: str, password: str) -> bool:
        """Whether this is the user and the password."""
        return self._is(_bytes(user), _bytes(password))

    def fits_header(self, authorization: str) -> bool:
        """Whether an Authorization header proves it: `Bearer PASSWORD`, or basic."""
        scheme, _, proof = authorization.partition(" ")
        sent = proof.strip().encode("latin-1")  # as which headers are read
        match scheme.lower():
            case "bearer":
                return self._is(_bytes(self.user), sent)
            case "basic":
                user, _, password = _from_base64(sent).partition(b":")
                return self._is(user, password)
            case _:
                return False

    def _is(self, user: bytes, password: bytes) -> bool:
        same_user = compare_digest(user, _bytes(self.user))
        return compare_digest(password, _bytes(self.password)) and same_user


def _bytes(words: str) -> bytes:
    return words.encode(errors="surrogatepass")


def _from_base64(sent: bytes) -> bytes:
    """The decoded bytes; empty when they cannot be decoded."""
    try:
        return base64.b64decode(sent, validate=True)
    except binascii.Error:
        return b""
