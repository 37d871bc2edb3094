"""Rich text. Pages: reference/block-kit/blocks/rich-text-block, block-elements/rich-text-*-element."""

from bot.sandbox.blockkit.objects import BLOCK_ID, URL
from bot.sandbox.blockkit.shapes import Array, Choice, Fields, Flag, Must, Number, OneOf, Shape, Text, must

_STYLES = ("bold", "italic", "strike", "underline", "code", "highlight", "client_highlight", "unlink")
_STYLE = Fields({name: Flag() for name in _STYLES})
_BORDER = Number(0, 1)


def _styled(known: dict[str, Shape | Must]) -> Fields:
    return Fields({**known, "style": _STYLE})


_INLINE: dict[str, Shape] = {
    "text": _styled({"text": must(Text())}),
    "link": _styled({"url": must(URL), "text": Text(), "unsafe": Flag()}),
    "emoji": _styled({"name": must(Text()), "unicode": Text(), "skin_tone": Number(1, 6)}),
    "date": _styled({"timestamp": must(Number(0)), "format": must(Text()), "url": URL, "fallback": Text()}),
    "color": _styled({"value": must(Text(pattern="#[0-9A-Fa-f]{6}"))}),
    "broadcast": _styled({"range": must(Choice("here", "channel", "everyone"))}),
    "user": _styled({"user_id": must(Text())}),
    "usergroup": _styled({"usergroup_id": must(Text())}),
    "channel": _styled({"channel_id": must(Text())}),
    "team": _styled({"team_id": must(Text())}),
}

_SECTION = Fields({"elements": must(Array(OneOf(_INLINE)))})

RICH_TEXT = Fields(
    {
        "block_id": BLOCK_ID,
        "elements": must(
            Array(
                OneOf(
                    {
                        "rich_text_section": _SECTION,
                        "rich_text_list": Fields(
                            {
                                "elements": must(Array(OneOf({"rich_text_section": _SECTION}), 1)),
                                "style": must(Choice("bullet", "ordered")),
                                "indent": Number(0, 8),
                                "offset": Number(0),
                                "border": _BORDER,
                            }
                        ),
                        "rich_text_quote": Fields({"elements": must(Array(OneOf(_INLINE))), "border": _BORDER}),
                        "rich_text_preformatted": Fields(
                            {
                                "elements": must(Array(OneOf({k: _INLINE[k] for k in ("text", "link")}))),
                                "border": _BORDER,
                                "language": Text(),
                            }
                        ),
                    }
                ),
                1,
            )
        ),
    }
)
