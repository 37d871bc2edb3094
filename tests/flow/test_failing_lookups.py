"""Kajabi on a bad day, as somebody sees it who only asked."""

import pytest

from tests.flow.steps import typed

pytestmark = pytest.mark.parametrize("transport", ["http"])


@pytest.mark.parametrize(
    ("trouble", "options", "told"),
    [
        ("html", {}, "could not be reached just now"),
        ("html", {"status": 403}, "could not be reached just now (not let through (403))"),
        ("html", {"status": 502}, "could not be reached just now (a failure of its own (502))"),
        ("empty", {}, "could not be reached just now"),
        ("broken_json", {}, "could not be reached just now"),
        ("wrong_shape", {"content": {"data": "<!channel>"}}, "could not be reached just now"),
        ("reset_mid_body", {}, "could not be reached just now (the connection broke)"),
        ("timeout_before", {"closed": True}, "could not be reached just now"),
        ("forbidden", {}, "Kajabi refused: You do not have permission to access this resource (403)"),
        ("server_error", {}, "could not be reached just now (a failure of its own (500))"),
        ("refused", {"detail": "<!channel> jane@example.com"}, "Kajabi refused: "),
    ],
)
async def test_no_answer_of_kajabis_reaches_a_person_raw(desk, trouble, options, told):
    desk.kajabi.trouble(trouble, path="/v1/[co]*s*", **options)

    for command in ("who jane@example.com", "find bundle", "show everything"):
        desk.ada.reloads()
        answer = await typed(desk.ada, f"/offer {command}", told)

        assert "Just a moment" not in answer.plain
        assert "html" not in answer.plain
        assert "jane@" not in answer.plain
