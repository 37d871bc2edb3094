import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted((ROOT / "bot").rglob("*.py"))
}

# Which layer may import which others. A module directly in bot/ that is not named here is core.
ROOMS = {"core", "domain", "engine", "metrics", "policy_file", "ports", "providers", "settings", "slack", "store"}
ROOMS |= {"web", "words"}
MAY_IMPORT = {
    "__main__": {"cli"},
    "app": ROOMS,
    "cli": ROOMS | {"app"},
    "core": {"domain", "ports"},
    "domain": set(),
    "engine": {"core", "domain", "ports"},
    "metrics": {"core", "domain", "ports"},
    "policy_file": {"domain"},
    "ports": {"domain"},
    "providers": {"core", "domain", "ports"},
    "sandbox": {"app", "cli", "settings"},
    "settings": {"domain", "providers"},  # each provider brings its own
    "slack": {"core", "domain", "ports", "words"},
    "store": {"core", "domain", "ports"},
    "web": {"core", "domain", "metrics", "ports"},
    "words": {"domain"},
}

# Which layers a library belongs to. The standard library is free for all, but for sqlite3.
LIBRARIES = {
    "aiohttp": {"app", "sandbox", "slack", "web"},
    "click": {"cli", "sandbox"},
    "httpx": {"providers", "sandbox"},
    "prometheus_client": {"metrics"},
    "pydantic": {"policy_file", "providers", "settings", "slack"},
    "pydantic_settings": {"settings"},
    "slack_bolt": {"app", "slack"},
    "slack_sdk": {"app", "sandbox", "slack"},
    "sqlite3": {"sandbox", "store"},
    "sqlite_utils": {"store"},
    "structlog": {"app", "cli", "core", "engine", "providers", "sandbox", "slack", "store", "web"},
    "yaml": {"sandbox", "slack"},
}

# Runs in a process of its own; the hook cannot be taken off again, and turns every effect into an error.
IMPORT_EACH = """
import sys
from importlib import import_module

EFFECTS = {"os.mkdir", "os.putenv", "os.remove", "os.rename", "os.system", "sqlite3.connect", "subprocess.Popen"}

def forbid(event, arguments):
    writes = event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wxa+")
    reads_settings = event == "open" and str(arguments[0]).endswith(".env")
    if writes or reads_settings or event in EFFECTS or event.startswith("socket."):
        raise RuntimeError(f"importing did {event} {arguments}")

sys.addaudithook(forbid)
for module in sys.argv[1:]:
    import_module(module)
"""


def layer_of(module: str) -> str:
    room = module.split(".")[1] if "." in module else "core"
    return room if room in MAY_IMPORT else "core"


def imported_by(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: an import names the whole way"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("module", MODULES)
def test_a_layer_sees_only_what_the_rule_gives_it(module):
    layer = layer_of(module)
    seen = {name for name in imported_by(MODULES[module]) if name.startswith("bot.")}

    assert {name for name in seen if layer_of(name) not in MAY_IMPORT[layer] | {layer}} == set()


@pytest.mark.parametrize("module", MODULES)
def test_a_library_stays_in_its_layers(module):
    layer = layer_of(module)
    seen = {name.split(".")[0] for name in imported_by(MODULES[module])} - {"bot"}
    free = sys.stdlib_module_names - LIBRARIES.keys()

    assert {name for name in seen - free if layer not in LIBRARIES.get(name, set())} == set()


def test_every_folder_of_the_package_has_its_rule():
    folders = {path.name for path in (ROOT / "bot").iterdir() if path.is_dir() and any(path.glob("*.py"))}

    assert folders <= MAY_IMPORT.keys()


def test_every_rule_has_something_to_rule():
    assert {layer_of(module) for module in MODULES} == MAY_IMPORT.keys()


def run_python(code: str, *arguments: str, cwd: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-B", "-c", code, *arguments],
        cwd=cwd,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_importing_any_module_does_nothing(tmp_path):
    (tmp_path / ".env").write_text("SLACK_BOT_TOKEN=poison\n")
    done = run_python(IMPORT_EACH, *MODULES, cwd=tmp_path)

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert [path.name for path in tmp_path.iterdir()] == [".env"]


@pytest.mark.parametrize(
    "effect",
    [
        "import socket; socket.socket()",
        "import sqlite3; sqlite3.connect(':memory:')",
        "open('left-behind', 'w')",
        "open('.env')",
    ],
)
def test_an_import_with_an_effect_would_be_found(tmp_path, effect):
    (tmp_path / ".env").touch()
    (tmp_path / "effectful.py").write_text(effect)
    done = run_python(IMPORT_EACH, "effectful", cwd=tmp_path)

    assert "importing did" in done.stderr
