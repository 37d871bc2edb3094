"""What all refusals and failures come from."""

from typing import ClassVar


class OfferdeskError(Exception):
    """Never raised itself."""


class Refusal(OfferdeskError):
    """Our own rule says no. Never raised itself."""

    #: the form's field that the sentence belongs to
    field: ClassVar[str | None] = None

    @property
    def code(self) -> str:
        """Name the refusal in the audit and in a request's note."""
        return type(self).__name__


class BadInput(Refusal):
    """What was typed cannot be used."""


class GivenBack(Refusal):
    """What the provider (or Slack) said while the request was prepared makes it pointless."""


class NotAllowed(Refusal):
    """This person, now, on this request."""
