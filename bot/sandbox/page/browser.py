"""Opening the page on the screen of whoever started it."""

import asyncio
import os
import sys
import webbrowser
from collections.abc import Mapping


async def open_in_browser(url: str, *, environment: Mapping[str, str] = os.environ) -> bool:
    """Whether a browser took it. Without a screen none is tried: one for the terminal would take the terminal."""
    if not has_screen(sys.platform, environment):
        return False
    try:
        return await asyncio.to_thread(webbrowser.open, url)
    except webbrowser.Error:
        return False


def has_screen(platform: str, environment: Mapping[str, str]) -> bool:
    """On a Linux machine or the like, a session with windows says where they are shown."""
    if platform in ("darwin", "win32"):
        return True
    return bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))
