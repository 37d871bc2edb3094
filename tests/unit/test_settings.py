import os

import pytest

from bot.domain.errors import Misconfigured
from bot.settings import Settings, read_database_url, read_settings, refuse_wiped_disk

COMPLETE = {
    "SLACK_BOT_TOKEN": "xoxb-1-abc",
    "SLACK_APP_TOKEN": "xapp-1-abc",
    "KAJABI_CLIENT_ID": "an-id",
    "KAJABI_CLIENT_SECRET": "a-secret-of-kajabi",
    "APPROVERS": "U0BOB,S0LEADS",
}
LEAKED = "do-not-repeat-this-secret"


@pytest.fixture
def environment(monkeypatch, tmp_path):
    """What the settings are read from; starts complete, in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    for name in [*Settings.model_fields, "dyno"]:
        monkeypatch.delenv(name.upper(), raising=False)
    for name, value in COMPLETE.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def refused() -> str:
    with pytest.raises(Misconfigured) as caught:
        read_settings()
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    return str(caught.value)


def test_what_is_needed_is_enough(environment):
    settings = read_settings()

    assert settings.socket_mode
    assert settings.approvers == ("U0BOB", "S0LEADS")
    assert settings.providers == ("kajabi",)
    assert settings.database_url == "sqlite:///offerdesk.db"


def test_without_an_app_token_slack_comes_over_http(environment):
    environment.delenv("SLACK_APP_TOKEN")
    environment.setenv("SLACK_SIGNING_SECRET", "0123abcd")

    assert not read_settings().socket_mode


@pytest.mark.parametrize("name", COMPLETE)
def test_a_missing_setting_is_named_with_what_to_do(environment, name):
    environment.delenv(name)
    sentence = refused()

    assert sentence.startswith(f"{name} is missing")
    assert len(sentence) > len(f"{name} is missing") + 20


@pytest.mark.parametrize("name", COMPLETE)
@pytest.mark.parametrize("nothing", ["", "  ", "\n"])
def test_a_setting_that_is_left_blank_is_missing(environment, name, nothing):
    environment.setenv(name, nothing)

    assert refused().startswith(f"{name} is missing")


def test_all_that_is_missing_is_said_at_once(environment):
    for name in ("SLACK_APP_TOKEN", "APPROVERS", "KAJABI_CLIENT_ID", "KAJABI_CLIENT_SECRET"):
        environment.delenv(name)
    lines = refused().splitlines()

    assert [line.split()[0] for line in lines] == [
        "SLACK_APP_TOKEN",
        "APPROVERS",
        "KAJABI_CLIENT_ID",
        "KAJABI_CLIENT_SECRET",
    ]


def test_a_policy_file_takes_the_place_of_approvers(environment):
    environment.setenv("POLICY_FILE", "policy.toml")
    both = refused()
    environment.delenv("APPROVERS")

    assert both == "APPROVERS and POLICY_FILE are both set: keep one of them, as the file says who decides on what."
    assert read_settings().policy_file == "policy.toml"


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("SLACK_BOT_TOKEN", "xoxp-1", "is not a bot token, which begins with xoxb-"),
        ("SLACK_BOT_TOKEN", "xoxb-…", "is not a bot token"),
        ("SLACK_BOT_TOKEN", "xoxb-1\r\nHost: evil", "is not a bot token"),
        ("SLACK_APP_TOKEN", "xoxb-1", "is not an app-level token, which begins with xapp-"),
        ("SLACK_APP_TOKEN", "xapp-1 2", "is not an app-level token"),
        ("SLACK_SIGNING_SECRET", "xoxb-1-abc", "is not a signing secret"),
        ("SLACK_SIGNING_SECRET", "sécret", "is not a signing secret"),
        ("SLACK_API_URL", "http://slack.example.com/api/", "must be an https address"),
        ("SLACK_API_URL", "slack.com", "must be an https address"),
        ("SLACK_API_URL", "https://[::1", "must be an https address"),
        ("KAJABI_API_URL", "https://ada:word@api.kajabi.com", "must be an https address"),
        ("KAJABI_API_URL", "https://api.kajabi.com:port", "must be an https address"),
        ("KAJABI_API_URL", "http://10.0.0.7", "must be an https address"),
        ("KAJABI_API_URL", "https://api.kajabi.com?a=b", "must be an https address"),
        ("KAJABI_RATE", "fast", "must be a number"),
        ("KAJABI_RATE", "nan", "must be"),
        ("KAJABI_RATE", "0", "must be more than 0"),
        ("KAJABI_RATE", "101", "must be at most 100"),
        ("PROVIDERS", "kajabi,stripe", "must name one or more of capillary, kajabi (found stripe)"),
        ("PROVIDERS", ",", "must name one or more of capillary, kajabi"),
        ("CAPILLARY_API_URL", "http://eu.api.capillarytech.com", "must be an https address"),
        ("CAPILLARY_PASSWORD_MD5", "hunter2", "must be an MD5"),
        ("CAPILLARY_PROGRAM_ID", "gold", "must be a whole number"),
        ("CAPILLARY_PROGRAM_ID", "0", "must be at least 1"),
        ("CAPILLARY_SOURCE", "SHOP", "must be 'FACEBOOK', "),
        ("CAPILLARY_FAMILY", "v4", "must be 'legacy' or 'unified'"),
        ("CAPILLARY_RATE", "0", "must be more than 0"),
        ("CAPILLARY_BATCH", "0", "must be at least 1"),
        ("CAPILLARY_BATCH", "101", "must be at most 100"),
        ("CAPILLARY_ISSUED_IDS_PROVED", "perhaps", "must be true or false"),
        (
            "APPROVERS",
            "U0BOB,@ada",
            "takes Slack's ids of people (U…, W…) and user groups (S…), not names (found @ada)",
        ),
        ("APPROVERS", "C0OFFERS", "takes Slack's ids"),
        ("ADMINS", "S0LEADS", "takes Slack's ids of people (U…, W…), not names (found S0LEADS)"),
        ("APPROVALS_CHANNEL", "#offers", "takes a channel's id (C…), not its name (found #offers)"),
        ("ALERTS_CHANNEL", "U0BOB", "takes a channel's id"),
        ("HOST", "http://localhost", "must be the name or number of an address of this machine"),
        ("PORT", "http", "must be a whole number"),
        ("PORT", "65536", "must be at most 65535"),
        ("PORT", "-1", "must be at least 0"),
        ("PORT", "3000.5", "must be a whole number"),
        ("PORT", "9" * 5000, "must be a whole number"),
        ("REMINDER_HOURS", "0", "must be more than 0"),
        ("REMINDER_HOURS", "inf", "must be at most 8760"),
        ("EXPIRY_DAYS", "a week", "must be a number"),
        ("APPROVAL_HOURS", "-2", "must be more than 0"),
        ("GIVE_UP_MINUTES", "never", "must be a number"),
        ("OFFERS_REFRESH_MINUTES", "1e9", "must be at most 10080"),
        ("LEASE_SECONDS", "0.5", "must be at least 1"),
        ("LEASE_SECONDS", "601", "must be at most 600"),
        ("LOG_LEVEL", "loud", "must be 'debug', 'info', 'warning' or 'error'"),
        ("LOG_FORMAT", "xml", "must be 'console' or 'json'"),
    ],
)
def test_a_malformed_setting_is_named_with_what_is_wrong(environment, name, value, says):
    environment.setenv(name, value)
    sentence = refused()

    assert sentence.startswith(f"{name} {says}")
    assert sentence.endswith(".")
    assert "\n" not in sentence


@pytest.mark.parametrize("name", [name.upper() for name in Settings.model_fields])
def test_no_sentence_repeats_a_secret_that_stands_in_the_wrong_place(environment, name):
    environment.setenv(name, f"{LEAKED} {LEAKED}")
    try:
        read_settings()
    except Misconfigured as error:
        assert LEAKED not in str(error)  # noqa: PT017 - settings that take any text are fine


def test_the_settings_do_not_show_their_secrets(environment):
    environment.setenv("SLACK_SIGNING_SECRET", LEAKED)
    settings = read_settings()

    assert LEAKED not in repr(settings)
    assert set(settings.secrets) == {"xoxb-1-abc", "xapp-1-abc", "a-secret-of-kajabi", LEAKED}


def test_blanks_around_a_value_and_repeated_names_do_not_matter(environment):
    environment.setenv("SLACK_BOT_TOKEN", " xoxb-1-abc\n")
    environment.setenv("APPROVERS", " U0BOB , S0LEADS,, U0BOB ")
    environment.setenv("LOG_LEVEL", " DEBUG ")
    settings = read_settings()

    assert settings.slack_bot_token.get_secret_value() == "xoxb-1-abc"
    assert settings.approvers == ("U0BOB", "S0LEADS")
    assert settings.log_level == "debug"


@pytest.mark.parametrize("url", ["http://127.0.0.1:8765/api/", "http://localhost/api/", "http://[::1]:1/api/"])
def test_a_slack_on_this_machine_needs_no_certificate(environment, url):
    environment.setenv("SLACK_API_URL", url)

    assert read_settings().slack_api_url == url


def test_a_file_gives_what_the_environment_leaves_out(environment, tmp_path):
    environment.delenv("APPROVERS")
    (tmp_path / ".env").write_text("APPROVERS=U0FILE\nSLACK_BOT_TOKEN=xoxb-file\nSOMEBODY_ELSES=setting\n")
    settings = read_settings()

    assert settings.approvers == ("U0FILE",)
    assert settings.slack_bot_token.get_secret_value() == "xoxb-1-abc"


def test_a_poisoned_file_stops_the_start_without_being_repeated(environment, tmp_path):
    environment.delenv("SLACK_BOT_TOKEN")
    (tmp_path / ".env").write_text(f"SLACK_BOT_TOKEN={LEAKED}\nPORT={LEAKED}\n")
    sentence = refused()

    assert [line.split()[0] for line in sentence.splitlines()] == ["SLACK_BOT_TOKEN", "PORT"]
    assert LEAKED not in sentence


def test_a_file_that_is_not_text_stops_the_start(environment, tmp_path):
    (tmp_path / ".env").write_bytes(b"APPROVERS=\xff\xfe")

    assert refused() == "The file .env cannot be read (it is not text in UTF-8): correct it, or take it away."


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_a_file_that_may_not_be_read_stops_the_start(environment, tmp_path):
    (tmp_path / ".env").touch(mode=0)

    assert refused().startswith("The file .env cannot be read (Permission denied)")


def test_a_host_that_wipes_its_disk_is_refused(environment):
    environment.setenv("DYNO", "web.1")
    sentence = refused()

    assert sentence.startswith("DATABASE_URL names a file")
    assert "lasting disk" in sentence


def test_a_host_that_wipes_its_disk_may_use_a_database_elsewhere():
    refuse_wiped_disk("postgres://db.example.com/offerdesk", {"DYNO": "web.1"})


def test_work_on_the_database_alone_needs_no_other_setting(environment, tmp_path):
    for name in COMPLETE:
        environment.delenv(name)
    environment.setenv("PORT", "nonsense")

    assert read_database_url() == "sqlite:///offerdesk.db"

    (tmp_path / ".env").write_text("DATABASE_URL=sqlite:////data/other.db\n")

    assert read_database_url() == "sqlite:////data/other.db"
