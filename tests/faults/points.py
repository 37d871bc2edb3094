"""Every call of the store, a provider or the messenger, found by name in the sources.

A call is named by its module and function and by what it calls: `executor._call/provider.write`. Before and after
each of them, and right before its commit, the process can be killed (`tests/faults/bot.py`); nothing in the bot
itself knows of it.
"""

import ast
import inspect
from pathlib import Path

from bot import ports

SOURCES = Path(__file__).parents[2] / "bot"
#: whatever changes a request, an effect or a message
WATCHED = (
    "service",
    "preparer",
    "previews",
    "readings",
    "comparison",
    "timekeeper",
    "executor",
    "list_preparer",
    "list_executor",
    "keeping",
    "sights",
    "courier",
    "engine.queues",
)
#: whoever else uses a port, and why nothing is lost with them
UNWATCHED = {
    "allowances": "adds up what is added up again where it is approved",
    "app": "tries at the start whether anything works",
    "authority": "asks for what it is told",
    "catalogue": "refreshes a cache",
    "checking": "changes nothing",
    "digests": "takes the row and owes the message in one transaction",
    "engine.timepiece": "makes due earlier what is due anyway, at every start anew",
    "homekeeper": "draws anew what it can draw at any time",
    "lookups": "changes nothing",
    "metrics": "changes nothing",
    "pacing": "keeps a pace",
    "witness": "owes one message in one transaction; what it could not tell is told at the next start",
}
#: calls that need more than one process, or come as often as chance will have it
ELSEWHERE = {
    "courier._tidy/store.message": "after a freeze beside another process: tests/faults/test_soak.py",
    "courier._tidy/messenger.withdraw_copies": "the same",
    "engine.queues._homes/store.claim_homes": "a Home is drawn anew at any time",
}
#: the same under other names
PARTS = {"providers": "provider", "records": "store", "ledger": "store"}
PORTS = {"store": (ports.Store,), "provider": (ports.Provider, ports.Surveys), "messenger": (ports.Messenger,)}
#: who has methods of the same names, and is no port
OTHERS = {"self", "drafts", "editing", "foresight", "timing"}


def methods(port):
    """What of a port waits for somebody."""
    return {name for one in PORTS[port] for name, _ in inspect.getmembers(one, inspect.iscoroutinefunction)}


def calls(module):
    """Name the calls that a module makes."""
    path = SOURCES.joinpath(*module.split(".")).with_suffix(".py")
    found = []
    for function in functions(ast.parse(path.read_text())):
        for node in ast.walk(function):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                port = port_of(node.func, strict=module in WATCHED)
                if port is not None:
                    found.append(f"{module}.{function.name}/{port}.{node.func.attr}")
    return found


def functions(tree):
    """Name those that are no part of another one."""
    bodies = [tree.body, *(node.body for node in tree.body if isinstance(node, ast.ClassDef))]
    return [node for body in bodies for node in body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def port_of(called, *, strict):
    """Name the port whose method this is; None where it is none."""
    owner = called.value.value if isinstance(called.value, ast.Subscript) else called.value
    name = owner.attr if isinstance(owner, ast.Attribute) else owner.id if isinstance(owner, ast.Name) else ""
    name = PARTS.get(name.removeprefix("_"), name.removeprefix("_"))
    if name in PORTS:
        return name if called.attr in methods(name) else None
    known = any(called.attr in methods(port) for port in PORTS)
    assert not known or name in OTHERS or not strict, f"line {called.lineno}: whose {called.attr} is this?"
    return None


def everything():
    return [name for module in WATCHED for name in calls(module)]


def listed():
    return [name for name in everything() if name not in ELSEWHERE]


def users():
    """Name the modules of the core that use a port."""
    modules = [f"engine.{path.stem}" for path in (SOURCES / "engine").glob("*.py")]
    modules += [path.stem for path in SOURCES.glob("*.py")]
    return {module for module in modules if calls(module)}
