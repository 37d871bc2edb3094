import pytest

from tests.unit.cli.shell import bot, only_sentences


def test_an_address_is_forgotten_everywhere(folder, ids):
    done = bot("forget", " JANE@example.com", "--yes", cwd=folder)
    told = bot("requests", "show", ids[-1], cwd=folder).stdout
    dumped = b"".join(path.read_bytes() for path in folder.iterdir())

    assert done.stdout.startswith("Blanked: 1 contact and 3 texts, in 3 requests. The audit still verifies.\n")
    assert "customer forgotten (kajabi c9)" in told
    assert b"jane@" not in dumped.lower()
    assert b"eve@example.com" in dumped
    assert bot("audit", "verify", cwd=folder).returncode == 0


def test_nothing_is_forgotten_without_a_yes(folder, ids):
    done = bot("forget", "jane@example.com", cwd=folder, typed="n\n")

    assert done.returncode == 1
    assert "It cannot be taken back" in done.stdout
    assert "jane@example.com" in bot("requests", "show", ids[-1], cwd=folder).stdout


def test_an_address_is_forgotten_after_a_yes(folder):
    done = bot("forget", "eve@example.com", cwd=folder, typed="y\n")

    assert done.returncode == 0
    assert "Blanked: 1 contact and 0 texts, in 1 request." in done.stdout


def test_an_address_that_is_nowhere_has_its_sentence(folder):
    done = bot("forget", "nobody@example.com", "--yes", cwd=folder)

    assert (done.returncode, done.stdout) == (0, "This address is nowhere in the database.\n")


@pytest.mark.parametrize("words", ["jane", "jane@example.com,bob@example.com", "jane@"])
def test_only_an_address_can_be_forgotten(folder, words):
    done = bot("forget", words, "--yes", cwd=folder)

    assert done.returncode == 2
    assert "give one address as it was asked with" in only_sentences(done)
