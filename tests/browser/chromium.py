"""The machine's own Chromium, driven through Playwright; nothing is downloaded."""

import shutil

#: it asks nobody for anything, and runs in containers
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
NAMES = ("chromium", "chromium-browser")


def executable():
    """Where it is, or None."""
    return next(filter(None, map(shutil.which, NAMES)), None)
