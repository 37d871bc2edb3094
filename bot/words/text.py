"""What are sentences made of? Names, dates, prices and lists, and other people’s text, which must do no harm.

Sentences are mrkdwn, Slack’s markup. Text from people and providers is stripped of what cannot be seen, escaped and
cut. A cut never falls inside an escaped character, and a cut text is marked as cut.
"""

import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache

from bot.domain.money import digits
from bot.domain.request import Offer

#: what Slack allows in a section, in characters
SECTION_LIMIT = 3000
#: a title, as long as it is told in a sentence
TITLE_LIMIT = 150
#: Slack shows about this much of an error at a field
FIELD_LIMIT = 300
#: shown where there is nothing to show, because Slack refuses an empty text
NOTHING = "–"
WHEN = "{date_short_pretty} at {time}"
DAY = "{date_short_pretty}"

_ENTITIES = ("&amp;", "&lt;", "&gt;")
#: controls, bidirectional overrides, invisible marks, lone surrogates; not the joiners that emoji and Persian need
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0d"
    "\ufeff\uffa0\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)
_BREAKS = re.compile(r"\r\n?|[\u0085\u2028\u2029]")
_ID = re.compile(r"[A-Z][A-Z0-9]{0,30}")


def strip(text: str) -> str:
    """Take out all that is not seen or turns the text around it; line breaks stay."""
    return _UNSEEN.sub("", _BREAKS.sub("\n", text)).replace("\t", " ").strip()


def one_line(text: str) -> str:
    """Do as `strip`, and join the lines, so that nobody's text can look like a line of ours."""
    return " ".join(strip(text).split())


def escape(text: str) -> str:
    """Take from a text its power over mrkdwn: no mention, no link, no date."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    """Turn mrkdwn of ours back into what a plain_text field shows."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def as_plain(mrkdwn: str) -> str:
    """Turn a sentence into what Slack shows as it is."""
    return cut(one_line(unescape(mrkdwn)).replace("`", ""), FIELD_LIMIT)


def cut(text: str, limit: int) -> str:
    """Shorten escaped text to the limit, never inside an entity."""
    if len(text) <= limit:
        return text
    kept = text[: max(limit - 1, 0)]
    at = kept.rfind("&", max(len(kept) - 4, 0))
    if at >= 0 and any(text.startswith(one, at) and at + len(one) > len(kept) for one in _ENTITIES):
        kept = kept[:at]
    while kept and (unicodedata.combining(kept[-1]) or kept[-1] in "\u200d "):
        kept = kept[:-1]
    return f"{kept}…"


def safe(text: str, limit: int, *, lines: bool = False) -> str:
    """Make foreign text fit for mrkdwn: stripped, on one line unless `lines`, escaped, cut."""
    return cut(escape(strip(text) if lines else one_line(text)), limit)


def quoted(text: str, limit: int = SECTION_LIMIT) -> str:
    """Show somebody's words as a quotation; every line of it is marked as one."""
    return cut("\n".join(f">{line}" for line in escape(strip(text)).split("\n")), limit)


def date(epoch: float, style: str = WHEN) -> str:
    """Name a moment in each reader's own time zone."""
    fallback = datetime.fromtimestamp(epoch, UTC).strftime("%Y-%m-%d %H:%M UTC")
    return f"<!date^{int(epoch)}^{style}|{fallback}>"


@lru_cache(maxsize=1024)  # a school has few prices, and shows them again and again
def money(price: int | None, currency: str) -> str:
    """Write a price given in the currency's minor unit."""
    if price is None:
        return "price not told"
    code = safe(currency.upper(), 12)
    behind = digits(code)
    if price == 0:
        return "free"
    whole, rest = divmod(abs(price), 10**behind)
    amount = f"{whole:,}" + (f".{rest:0{behind}d}" if behind else "")
    return f"{'−' if price < 0 else ''}{amount} {code}".strip()


def worth(offer: Offer) -> str:
    """Write what an offer costs, and whether that comes again and again."""
    return money(offer.price, offer.currency) + (", recurring" if offer.recurring and offer.price else "")


def mention(slack_id: str) -> str:
    """Name a person (`U…`, `W…`), a user group (`S…`) or a channel (`C…`, `G…`); anything else is only shown."""
    if _ID.fullmatch(slack_id) is None:
        return safe(slack_id, 40) or NOTHING
    if slack_id.startswith("S"):
        return f"<!subteam^{slack_id}>"
    if slack_id.startswith("D"):
        return "a direct message"
    return f"<#{slack_id}>" if slack_id[0] in "CG" else f"<@{slack_id}>"


def listed(items: Iterable[str], word: str = "and") -> str:
    """Join names as people do: a, b and c."""
    *most, last = list(items) or [NOTHING]
    return f"{', '.join(most)} {word} {last}" if most else last
