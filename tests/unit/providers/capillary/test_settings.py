"""What the environment must say before Capillary is asked anything."""

import pytest

from bot.domain.errors import Misconfigured
from bot.settings import Settings, read_settings

MD5 = "0123456789abcdef0123456789ABCDEF"
OAUTH = {"CAPILLARY_KEY": "a-key", "CAPILLARY_SECRET": "a-secret-of-capillary"}
BASIC = {"CAPILLARY_TILL": "a-till", "CAPILLARY_PASSWORD_MD5": MD5}
PLACE = {"CAPILLARY_API_URL": "https://eu.api.capillarytech.com", "CAPILLARY_PROGRAM_ID": "2714"}
REST = {"SLACK_BOT_TOKEN": "xoxb-1-abc", "SLACK_APP_TOKEN": "xapp-1-abc", "APPROVERS": "U0BOB,U0EVE"}


@pytest.fixture
def told(monkeypatch, tmp_path):
    """Sets the environment, and reads it."""
    monkeypatch.chdir(tmp_path)
    for name in [*Settings.model_fields, "dyno"]:
        monkeypatch.delenv(name.upper(), raising=False)

    def read(*parts: dict[str, str], **more: str) -> Settings:
        for name, value in (
            {"PROVIDERS": "capillary"} | REST | {k: v for one in parts for k, v in one.items()}
        ).items():
            monkeypatch.setenv(name, value)
        for name, value in more.items():
            monkeypatch.setenv(name, value)
        return read_settings()

    return read


def refused(told, *parts, **more) -> str:
    with pytest.raises(Misconfigured) as caught:
        told(*parts, **more)
    return str(caught.value)


@pytest.mark.parametrize("way", [OAUTH, BASIC])
def test_one_way_to_log_in_and_the_place_are_enough(told, way):
    settings = told(PLACE, way)

    assert settings.providers == ("capillary",)
    assert set(way.values()) <= set(settings.secrets)


def test_kajabi_needs_nothing_where_it_is_not_named(told):
    assert told(PLACE, OAUTH).kajabi_client_id is None


@pytest.mark.parametrize("name", [*PLACE, *OAUTH])
def test_what_is_missing_is_named(told, name):
    parts = {key: value for key, value in (PLACE | OAUTH).items() if key != name}

    assert refused(told, parts).startswith(f"{name} is missing: ")


def test_half_a_till_is_told_as_half_a_till(told):
    assert refused(told, PLACE, {"CAPILLARY_TILL": "a-till"}).startswith("CAPILLARY_PASSWORD_MD5 is missing: ")


def test_two_ways_to_log_in_are_one_too_many(told):
    assert "both set" in refused(told, PLACE, OAUTH, BASIC)


def test_the_unified_family_is_not_supported_yet(told):
    assert "not supported yet" in refused(told, PLACE, OAUTH, CAPILLARY_FAMILY="unified")


def test_half_an_attribution_is_refused(told):
    assert "go together" in refused(told, PLACE, OAUTH, CAPILLARY_ATTRIBUTION_TYPE="TILL")


def test_a_source_may_be_written_in_small_letters(told):
    assert told(PLACE, OAUTH, CAPILLARY_SOURCE="instore").capillary_source == "INSTORE"


ATTRIBUTION = {"CAPILLARY_ATTRIBUTION_TYPE": "till", "CAPILLARY_ATTRIBUTION_CODE": "front-desk"}


def test_what_a_till_changes_is_attributed_to_nothing_else(told):
    assert "works with CAPILLARY_KEY alone" in refused(told, PLACE, BASIC, ATTRIBUTION)


def test_what_a_key_changes_can_be_attributed(told):
    assert told(PLACE, OAUTH, ATTRIBUTION).capillary_attribution_type == "TILL"
