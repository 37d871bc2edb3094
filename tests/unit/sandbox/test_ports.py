import socket

import pytest

from bot.sandbox.child import HOST, KEPT, free_port


def test_a_port_that_was_given_is_given_to_nobody_else_before_somebody_listens():
    given = [free_port() for _ in range(KEPT)]

    assert len(set(given)) == KEPT
    for port in given:
        with socket.socket() as other, pytest.raises(OSError, match="in use"):
            other.bind((HOST, port + 1))  # what another process tries first
