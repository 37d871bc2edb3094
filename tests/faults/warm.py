"""What every bot imports or looks up at its start, once for all of them: their common parent imports this."""

import gc
import inspect

import anyio._backends._asyncio
import httpcore
import slack_bolt.listener_matcher.async_builtins

import bot.cli.run
import tests.faults.bot

__all__ = ["anyio", "bot", "httpcore", "slack_bolt", "tests"]

# Bolt looks for its caller in this way, and reads the source of all that is imported
inspect.stack()
# and what all of them share need not be looked through in each
gc.collect()
gc.freeze()
