"""What is said of any provider’s calls that failed: fragments that fit behind a colon or between brackets."""

UNREACHABLE, LATE, LOST = "no connection", "no answer in time", "the connection broke"
NO_SENSE = "an answer that makes no sense"
NO_TOKEN = "no access token in its answer"  # noqa: S105 - says that there is none
FOREIGN_LINK = "its list goes on at another host, which is not followed"
URL_WANTED = "must be an https address, like https://host/path (http only on this machine)"


def no_sense(status: int) -> str:
    """Say that a success carries no document."""
    return f"{NO_SENSE} ({status})"


def limited(status: int) -> str:
    """Say that it bears no more calls."""
    return f"too many calls ({status})"


def blocked(status: int) -> str:
    """Say that something before it let nothing through."""
    return f"not let through ({status})"


def failing(status: int) -> str:
    """Say that it failed by itself."""
    return f"a failure of its own ({status})"


def too_many_pages(most: int) -> str:
    """Say that a list is longer than is read."""
    return f"a list of more than {most} pages"


def url_refused(setting: str) -> str:
    """Say what address a setting takes."""
    return f"{setting} must be an https address without user, query or fragment (http: only loopback)"
