"""Many customers in one request, as people meet it: the form, the question, the card, the files, and the end of it."""

import csv

import pytest

from bot.domain.roster import ROWS
from bot.sandbox import deeds
from bot.sandbox.model import CannotDo
from bot.sandbox.troubles import Trouble
from tests.flow.following import all_told, id_of, over_http
from tests.flow.steps import chosen, forged, typed

GRANT_MANY = "/offer bulk grant holiday baking because the spring course starts"
CSV = (
    b"name,e-mail,town\r\n"
    b"Jane,jane@example.com,Ghent\r\n"
    b"Sam,sam(at)example.com,Ghent\r\n"
    b"Mia,mia.chen@example.com,Bruges\r\n"
    b"Nobody,nobody@example.com,Bruges\r\n"
    b"Jane,JANE@example.com,Ghent\r\n"
    b"Omar,omar+baking@example.com,Ghent\r\n"
)
OFFER = "Holiday Baking"


async def form_of(desk, command=GRANT_MANY):
    await desk.ada.types(command, channel="#support")
    return await desk.ada.sees("Many customers at once", in_="view")


async def asked(desk, content=CSV, *, name="spring.csv", seen=OFFER, **fields):
    """Ada sends a list; return the card and the question."""
    await form_of(desk)
    if content is not None:
        fields["file"] = (name, content)
    assert await desk.ada.submits(**fields) == {}
    card = await desk.grace.sees(seen, in_="#support")
    return card, await desk.grace.sees("Approve", in_=card)


async def done(desk, card, question):
    await desk.grace.presses("approve", question)
    return await desk.ada.sees(f"now have {OFFER}", in_=card)


def files(desk, card):
    """The files in a thread, the oldest first, row by row."""
    posts = [post for post in reversed(desk.ada.messages(card)) if post.raw.get("files")]
    held = [desk.workspace.files[one["id"]] for post in posts for one in post.raw["files"]]
    return [list(csv.reader(file.content.decode("utf-8-sig").splitlines())) for file in held]


def refuse(desk, times):
    desk.kajabi.trouble("other", status=422, body=b"{}", path="*/relationships/offers", method="POST", times=times)


def holders(desk, *addresses):
    return [one for one in addresses if OFFER in desk.holds(one)]


PEOPLE = ("jane@example.com", "mia.chen@example.com", "omar+baking@example.com")


async def test_a_list_goes_from_the_file_to_the_last_customer_and_back(desk):
    card, question = await asked(desk)
    told = (await desk.ada.sees("left out", in_="view")).plain
    refuse(desk, times=1)
    await desk.grace.presses("approve", question)
    partly = await desk.ada.sees("Done only in part", in_=card)
    await all_told(desk)

    assert "Row 3, “Sam,sam(at)example.com,Ghent”: This is no e-mail address like jane@example.com." in told
    assert "Left out as repetitions: 1. Columns not read: name and town." in told
    assert "Grant Holiday Baking (39.00 USD each) to 3 customers?\nIn all: 117.00 USD\n" in question.plain
    assert "The list: 3 to do, 1 not found, 1 cannot be used, 1 repeated" in question.plain
    assert "• Row 5, nobody@example.com, not done: Nobody has this address there." in question.plain
    assert "2 customers now have Holiday Baking; 1 failed." in partly.plain
    assert len(holders(desk, *PEOPLE)) == 2
    found, became = files(desk, card)
    assert [row[:2] + row[3:4] for row in found[1:]] == [
        ["2", "jane@example.com", "not done yet"],
        ["3", "Sam,sam(at)example.com,Ghent", "cannot be used"],
        ["4", "mia.chen@example.com", "not done yet"],
        ["5", "nobody@example.com", "not done"],
        ["7", "omar+baking@example.com", "not done yet"],
    ]
    assert sorted(row[3] for row in became[1:]) == ["cannot be used", "done", "done", "failed", "not done"]

    await desk.ada.presses("Retry failed", partly)
    await desk.ada.sees("3 customers now have Holiday Baking", in_=card)
    await all_told(desk)
    assert sum(desk.kajabi.writes.values()) == 3
    assert len(files(desk, card)) == 3

    await desk.ada.presses("Undo", card)
    await desk.ada.sees("revoked from 3 customers", in_="view")
    assert await desk.ada.submits(reason="the wrong course") == {}
    undoing = await desk.grace.sees(f"Revoke {OFFER} from 3 customers", in_="#support")
    await desk.grace.presses("approve", await desk.grace.sees("Approve", in_=undoing))
    await desk.ada.sees(f"3 customers no longer have {OFFER}", in_=undoing)
    assert holders(desk, *PEOPLE) == []


@over_http
async def test_a_pasted_list_is_as_good_as_a_file(desk):
    card, question = await asked(desk, None, customer="jane@example.com, mia.chen@example.com")

    assert desk.ada.form is None
    await done(desk, card, question)
    assert len(holders(desk, *PEOPLE)) == 2


@over_http
async def test_what_was_typed_is_in_the_form(desk):
    form = await form_of(desk, "/offer bulk revoke on kajabi “pastry basics” because it was a mistake")

    state = {name: next(iter(one.values())) for name, one in form.shown.values.items()}
    assert state["action"]["selected_option"]["value"] == "revoke"
    assert state["offer"]["selected_option"]["text"]["text"].startswith("Pastry Basics")
    assert state["reason"]["value"] == "it was a mistake"
    assert state["days"]["value"] is None


@over_http
@pytest.mark.parametrize("limit", ["revoke holiday baking for 30d", "grant holiday baking for lunch"])
async def test_a_time_limit_is_not_dropped_in_silence(desk, limit):
    await desk.ada.types(f"/offer bulk {limit} because trial", channel="#support")

    await desk.ada.sees("time limit", in_="view")


@over_http
@pytest.mark.parametrize(
    ("fields", "at", "says"),
    [
        ({}, "customer", "Give a file, or paste the customers here."),
        ({"file": ("a.csv", CSV), "customer": "jane@example.com"}, "customer", "There is a file as well."),
        ({"file": ("a.csv", b"\x89PNG\r\n")}, "file", "Give me a CSV file."),
        ({"file": ("a.csv", b"   ")}, "file", "The list is empty"),
        ({"file": ("a.csv", b"x" * 5_000_001)}, "file", "larger than 5 MB"),
        ({"file": ("a.csv", b"a@example.com\n" * (ROWS + 1))}, "file", "more than 10,000 rows"),
        ({"file": ("a.csv", b"e-mail\nnobody\n")}, "file", "Row 2, “nobody”: This is no e-mail address"),
        ({"customer": "<!channel> & co"}, "customer", "No row of the list can be used. Row 1, “<!channel> & co”"),
        ({"customer": "jane@example.com", "reason": "\u200b"}, "reason", "Say why."),
    ],
)
async def test_a_list_that_cannot_be_used_is_told_at_its_field(desk, fields, at, says):
    await form_of(desk)

    refused = await desk.ada.submits(**fields)
    assert list(refused) == [at]
    assert says in refused[at]
    assert desk.grace.messages("#support") == []


@over_http
async def test_a_file_is_read_from_slack_and_from_nowhere_else(desk):
    await form_of(desk)
    elsewhere = {"id": "F1", "name": "a.csv", "url_private_download": "https://files.slack.com.example.com/a.csv"}
    state = {"type": "file_input", "files": [elsewhere]}

    answer = await forged(desk, desk.ada, file=state, offer=chosen("kajabi:1"))

    assert "not kept by Slack" in answer["errors"]["file"]


@pytest.fixture
def without_files(town):
    town.workspace.manifest.scopes -= {"files:read", "files:write"}


@over_http
@pytest.mark.usefixtures("without_files")
async def test_without_the_scopes_lists_are_pasted_and_the_words_say_how_to_get_the_outcome(desk):
    form = await form_of(desk)
    assert "file" not in form.shown.values
    assert "grant the scope files:read" in form.plain
    card, question = await asked(desk, None, customer="jane@example.com nobody@example.com mia.chen@example.com")
    await done(desk, card, question)
    await all_told(desk)

    told = f"python -m bot requests export {id_of(card)}"
    assert told in question.plain
    assert [told in one.plain for one in desk.ada.messages(card)].count(True) == 3
    assert not desk.workspace.journal.called("files.getUploadURLExternal")


PUPILS = tuple(f"p{number}@example.com" for number in range(160))


@pytest.fixture
async def under_way(idle):
    """A list that takes a while, of which something is done; the card comes with it."""
    idle.settings = idle.settings.model_copy(update={"kajabi_rate": 20})
    for pupil in PUPILS:
        idle.kajabi.add_contact(pupil, pupil)
    await idle.start()
    card, question = await asked(idle, "\n".join(PUPILS).encode())
    await idle.grace.presses("approve", question)
    await idle.ada.sees("to go", in_="#support", timeout=20)
    return idle, card


@over_http
async def test_a_list_is_put_on_hold_and_goes_on_and_the_rest_is_taken_back(under_way):
    desk, card = under_way
    await desk.ada.presses("Pause", card)
    await desk.ada.sees("put this on hold", in_=card)
    await desk.ada.sees("On hold: nothing more is sent", in_="#support")
    await desk.grace.presses("Go on", card)
    await desk.ada.sees("lets it go on", in_=card)
    await desk.ada.presses("Cancel", card)
    told = await desk.ada.sees("took back what was not sent", in_=card)
    await desk.ada.sees("Done only in part", in_=card, timeout=20)
    await all_told(desk)

    served = len(holders(desk, *PUPILS))
    assert 0 < served < 160
    assert f"for {160 - served} customers" in told.plain
    assert f"{served} customers now have {OFFER}; {160 - served} taken back before they were sent" in card.plain


@over_http
async def test_nobody_but_those_concerned_holds_up_a_list(under_way):
    desk, card = under_way
    await desk.mallory.presses("Pause", card)

    await desk.mallory.sees("You are not among those who may", in_="ephemeral")
    assert "On hold" not in card.plain


@over_http
async def test_a_file_whose_answer_was_lost_is_found_again_and_not_given_twice(desk):
    card, question = await asked(desk)
    await all_told(desk)
    lost = Trouble("files.completeUploadExternal", "lose")
    desk.workspace.troubles.add(lost)
    await done(desk, card, question)
    await desk.workspace.changes.until(lambda: lost.times == 0 or None, timeout=5)
    await desk.passes(5)
    await all_told(desk)

    assert len(desk.workspace.journal.called("files.completeUploadExternal")) == 2  # one for each of the two files
    assert len(files(desk, card)) == 2


@over_http
async def test_who_is_forgotten_while_a_file_is_on_its_way_is_in_no_file(desk):
    card, question = await asked(desk)
    await all_told(desk)
    lost = Trouble("files.completeUploadExternal", "lose")
    desk.workspace.troubles.add(lost)
    await done(desk, card, question)
    await desk.workspace.changes.until(lambda: lost.times == 0 or None, timeout=5)
    await desk.bot.parts.store.forget("mia.chen@example.com", now=desk.clock())
    await desk.passes(5)
    await all_told(desk)

    assert len(files(desk, card)) == 2
    held = [file.content for file in desk.workspace.files.values() if file.owner == desk.workspace.bot.id]
    assert not any(b"mia.chen@example.com" in content for content in held)


@over_http
async def test_a_file_is_owed_until_slack_takes_it(desk):
    card, question = await asked(desk)
    await all_told(desk)
    trouble = desk.workspace.troubles.fail("files.getUploadURLExternal", times=1000)
    await done(desk, card, question)
    assert len(files(desk, card)) == 1
    desk.workspace.troubles.clear()
    await desk.passes(60)
    await all_told(desk)

    assert trouble is not None
    assert len(files(desk, card)) == 2


@over_http
async def test_somebody_elses_words_in_a_list_are_only_text(desk):
    desk.kajabi.add_contact("nina@example.com", "<!channel> *Nina*")
    content = b"nina@example.com\n<!channel> <https://x.example.com|click>\n=1+1\n"
    card, question = await asked(desk, content, name="<!here>`.csv")
    await desk.grace.presses("approve", question)
    await desk.ada.sees(f"1 customer now has {OFFER}", in_=card)
    await all_told(desk)

    assert "<!here>`.csv" in card.plain
    assert "<!channel> <https://x.example.com|click>" in question.plain
    assert "'=1+1" in [row[1] for row in files(desk, card)[0]]


@over_http
async def test_a_list_can_be_looked_at_everywhere_else_too(desk):
    await desk.grace.opens_home()
    await desk.ada.opens_home()
    card, _ = await asked(desk)
    request_id = id_of(card)
    await desk.grace.sees("to 3 customers?", in_="home")
    await desk.ada.sees(f"Grant {OFFER} to 3 customers", in_="home")
    await desk.grace.presses("approve", value=request_id)
    await desk.ada.sees(f"3 customers now have {OFFER}", in_=card)
    await all_told(desk)

    await desk.grace.sees(f"3 customers now have {OFFER}", in_="home")
    await desk.ada.presses("History", card)
    told = await desk.ada.sees("customer: 3 customers", in_="ephemeral")
    listed = await typed(desk.ada, "/offer requests mine", OFFER)
    found = await typed(desk.ada, "/offer who jane@example.com", "Jane Doe")

    assert f"asks to grant {OFFER} to 3 customers" in told.plain
    assert request_id in listed.plain
    assert f"{OFFER} (granted" in found.plain
    assert request_id in found.plain


@over_http
async def test_a_list_on_which_nobody_is_left_is_closed_and_told(desk):
    await form_of(desk)
    assert await desk.ada.submits(file=("a.csv", b"nobody@example.com\n")) == {}
    told = await desk.ada.sees("Closed: Nothing is to be done for anybody on this list", in_="dm")
    await all_told(desk)

    assert told.buttons == []
    (card,) = desk.grace.messages("#support")
    assert "Cancelled. Nothing was changed." in card.plain
    assert [row[3:5] for row in files(desk, card)[0][1:]] == [["not done", "Nobody has this address there."]]


@over_http
async def test_at_the_prompt_a_file_is_named_by_its_path(desk, tmp_path):
    path = tmp_path / "people.csv"
    path.write_bytes(CSV)
    await form_of(desk)
    with pytest.raises(CannotDo, match="cannot be read"):
        await deeds.fill(desk.ada, f"file={tmp_path / 'none.csv'}")
    await deeds.fill(desk.ada, f"file={path}")
    await deeds.send(desk.ada, "")

    await desk.ada.sees("people.csv", in_="#support")


@over_http
async def test_who_is_forgotten_is_in_no_file_any_more(desk):
    card, question = await asked(desk)
    await done(desk, card, question)
    await all_told(desk)
    before = [file.content for file in desk.workspace.files.values() if file.owner == desk.workspace.bot.id]
    await desk.bot.parts.store.forget("mia.chen@example.com", now=desk.clock())
    await all_told(desk)

    assert [b"mia.chen@example.com" in content for content in before] == [True, True]
    assert [row[1] for row in files(desk, card)[-1] if row[0] == "4"] == ["forgotten"]
    kept = [file.content for file in desk.workspace.files.values() if file.owner == desk.workspace.bot.id]
    assert [b"mia.chen@example.com" in content for content in kept] == [False, False]
