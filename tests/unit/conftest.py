import io
import logging
import sys

import pytest
import structlog

from bot import logs


@pytest.fixture
def lines(monkeypatch, request):
    """Reads what was logged so far; its parameter is the form, `json` without one."""
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    root, own = logging.getLogger(), logging.getLogger("bot")
    levels = (root.level, own.level)
    logs.set_up(level="debug", form=getattr(request, "param", "json"), secrets=["5f0ac2e1"])
    yield stream.getvalue
    root.handlers[:] = [one for one in root.handlers if not isinstance(one, logs.Handler)]
    root.setLevel(levels[0])
    own.setLevel(levels[1])
    structlog.reset_defaults()
