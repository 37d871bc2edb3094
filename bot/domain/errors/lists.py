"""A list cannot be taken as it was given."""

from bot.domain.errors.base import BadInput, GivenBack


class ListMissing(BadInput):
    """Neither a file was given nor a list pasted."""

    field = "customer"


class ListTwice(BadInput):
    """A file was given, and a list pasted: one of them counts."""

    field = "customer"


class FilesNotReadable(BadInput):
    """The app was installed without the scope that lets it read files."""

    field = "file"


class FileElsewhere(BadInput):
    """The file is not kept by Slack, so nobody knows who would get the token."""

    field = "file"


class FileNotGiven(BadInput):
    """Slack did not hand the file out, or not in time."""

    field = "file"


class ListUseless(BadInput):
    """Not one row can be used; this is what is wrong with the first one."""

    field = "file"

    def __init__(self, line: int, text: str, why: str) -> None:
        super().__init__(line)
        self.line, self.text, self.why = line, text, why


class ListEmpty(BadInput):
    """The list names nobody."""

    field = "file"


class ListNotText(BadInput):
    """The file is no text that could be a list."""

    field = "file"

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        #: what it is instead; empty where that cannot be told
        self.kind = kind


class ListTooLarge(BadInput):
    """The file has more bytes than a list of customers needs."""

    field = "file"

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.limit = limit


class ListMixed(BadInput):
    """The list would become more requests, one for each action and offer, than anybody wants to decide on."""

    field = "file"

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.limit = limit


class NotBroughtAbout(BadInput):
    """For none of those who were chosen has the list changed anything."""

    field = "customer"

    def __init__(self, request_id: str) -> None:
        super().__init__(request_id)
        self.request_id = request_id


class ListTooLong(BadInput):
    """The list has more rows than one request may have."""

    field = "file"

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.limit = limit


class NobodyLeft(GivenBack):
    """Nothing is to be done for anybody on the list."""

    field = "file"
