"""What is typed into this process, line by line, without ever standing in the way of its end."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from threading import Thread

import click

SIGN = "> "


def is_terminal() -> bool:
    return sys.stdin is not None and sys.stdin.isatty()


async def lines() -> AsyncIterator[str]:
    """Yield each line of standard input, until it ends."""
    typed: asyncio.Queue[str | None] = asyncio.Queue()
    # nobody waits for this thread: somebody who types nothing cannot keep the process
    Thread(target=_read, args=(asyncio.get_running_loop(), typed), name="keyboard", daemon=True).start()
    while True:
        if is_terminal():
            click.echo(SIGN, nl=False)
        line = await typed.get()
        if line is None:
            return
        if not is_terminal():  # which shows what is typed into it
            click.echo(f"{SIGN}{line}")
        yield line


def _read(loop: asyncio.AbstractEventLoop, typed: "asyncio.Queue[str | None]") -> None:
    begun = b""
    with suppress(RuntimeError):  # the loop has ended
        while piece := _piece():
            *whole, begun = (begun + piece).split(b"\n")
            for line in whole:
                loop.call_soon_threadsafe(typed.put_nowait, line.decode(errors="replace"))
        if begun:
            loop.call_soon_threadsafe(typed.put_nowait, begun.decode(errors="replace"))
        loop.call_soon_threadsafe(typed.put_nowait, None)


def _piece() -> bytes:
    """Read past Python's buffer: its lock, held by a thread that waits, would break the end of the process."""
    try:
        return os.read(sys.stdin.fileno(), 4096)
    except (OSError, AttributeError, ValueError):  # there is none, or it was closed
        return b""
