"""Blocks with every field they may have."""

from typing import Any

from tests.unit.sandbox.blockkit.examples import (
    PIXEL,
    Json,
    acting,
    asking,
    block,
    element,
    mrkdwn,
    option,
    options,
    plain,
    rich,
    rich_section,
)

HERE = "https://example.com/"
CONFIRM = {"title": plain(), "text": mrkdwn(), "confirm": plain(), "deny": plain(), "style": "primary"}
DISPATCH = {"trigger_actions_on": ["on_enter_pressed", "on_character_entered"]}
STYLE = dict.fromkeys(("bold", "italic", "strike", "underline", "code"), True)
FILTER = {"include": ["im"], "exclude_external_shared_channels": True, "exclude_bot_users": True}
DESCRIBED = option(description=plain())
GROUP = {"label": plain(), "options": [DESCRIBED]}

ACTED: dict[str, Any] = {"action_id": "a", "confirm": CONFIRM}
HINTED: dict[str, Any] = {**ACTED, "placeholder": plain(), "focus_on_load": True}
TYPED: dict[str, Any] = {
    "action_id": "a",
    "placeholder": plain(),
    "focus_on_load": True,
    "dispatch_action_config": DISPATCH,
}
BUTTON = element(
    "button",
    **ACTED,
    value="x",
    url=HERE,
    style="primary",
    accessibility_label="x",
    visible_to_user_ids=["U1"],
    agent_prompt="x",
    agent_prompt_display="x",
)
FEEDBACK = {"text": plain(), "value": "x", "accessibility_label": "x"}
WORKFLOW = {"trigger": {"url": HERE, "customizable_input_parameters": [{"name": "x", "value": "x"}]}}

INLINE: list[Json] = [
    {"type": "text", "text": "x", "style": STYLE},
    {"type": "link", "url": HERE, "text": "x", "unsafe": True, "style": STYLE},
    {"type": "emoji", "name": "wave", "unicode": "1f44b", "skin_tone": 6},
    {"type": "date", "timestamp": 0, "format": "{date}", "url": HERE, "fallback": "x"},
    {"type": "color", "value": "#F405B3"},
    {"type": "broadcast", "range": "here"},
    {"type": "user", "user_id": "U1", "style": {"highlight": True, "client_highlight": True, "unlink": True}},
    {"type": "usergroup", "usergroup_id": "S1"},
    {"type": "channel", "channel_id": "C1"},
    {"type": "team", "team_id": "T1"},
]
RICH: Json = {
    "type": "rich_text",
    "block_id": "b",
    "elements": [
        rich_section(*INLINE),
        {
            "type": "rich_text_list",
            "style": "ordered",
            "indent": 0,
            "offset": 0,
            "border": 0,
            "elements": [rich_section()],
        },
        {"type": "rich_text_quote", "border": 0, "elements": [INLINE[0]]},
        {"type": "rich_text_preformatted", "border": 0, "language": "python", "elements": INLINE[:2]},
    ],
}
TASK: Json = {
    "type": "task_card",
    "task_id": "1",
    "title": "x",
    "details": rich(),
    "output": rich(),
    "sources": [{"type": "url", "url": HERE, "text": "x"}],
    "status": "complete",
}
CELLS = [{"type": "raw_text", "text": "x"}, {"type": "raw_number", "value": -0.5, "text": "-½"}]
IMAGE = {"type": "image", "image_url": PIXEL, "alt_text": "x"}
CARD: dict[str, Any] = {
    "title": mrkdwn(),
    "subtitle": plain(),
    "body": mrkdwn(),
    "subtext": mrkdwn(),
    "actions": [BUTTON],
    "hero_image": IMAGE,
}
POINTS = [{"label": "x", "value": -1}]
SERIES = [{"name": "x", "data": POINTS}]
PLOT: Json = {"type": "line", "series": SERIES, "axis_config": {"categories": ["x"], "x_label": "x", "y_label": "x"}}
CHOSEN: dict[str, Any] = {"initial_option": DESCRIBED}
CHOSEN_ALL: dict[str, Any] = {"initial_options": [DESCRIBED], "max_selected_items": 1}

BLOCKS: list[list[Json]] = [
    block(
        "section",
        block_id="b",
        fields=[plain(), {**mrkdwn(), "verbatim": True}],
        accessory=BUTTON,
        expand=True,
    ),
    block("header", text={**plain(), "emoji": True}, level=1),
    block("context", elements=[IMAGE, plain(), mrkdwn()]),
    block("context_actions", elements=[element("icon_button", **ACTED, value="x", visible_to_user_ids=["U1"])]),
    block(
        "context_actions",
        elements=[element("feedback_buttons", action_id="a", positive_button=FEEDBACK, negative_button=FEEDBACK)],
    ),
    block("image", title=plain()),
    [{"type": "image", "alt_text": "x", "slack_file": {"id": "F1"}}],
    [{"type": "image", "alt_text": "x", "slack_file": {"url": PIXEL}}],
    block("input", hint=plain(), optional=True, dispatch_action=True),
    block("table", rows=[[*CELLS, RICH]], column_settings=[{"align": "right", "is_wrapped": True}]),
    block("data_table", rows=[CELLS, [RICH, CELLS[1]]], page_size=1, row_header_column_index=0),
    block("data_visualization", chart=PLOT),
    block("data_visualization", chart={"type": "pie", "segments": [{"label": "x", "value": 0}]}),
    block("plan", tasks=[{**TASK, "status": "pending"}]),
    [TASK],
    block("card", **CARD, icon=IMAGE),
    block("card", body=plain(), subtext=plain(), subtitle=mrkdwn()),
    acting("button", confirm={**CONFIRM, "text": plain()}),
    block("card", **CARD, slack_icon={"type": "icon", "name": "info"}),
    block("container", subtitle=plain(), width="wide", icon=IMAGE, is_collapsible=True, default_collapsed=True),
    block("container", rich_text_title=rich(), subtitle=mrkdwn(), has_header_divider=True),
    block(
        "auth_provider",
        description=plain(),
        icon_url=PIXEL,
        auth_url=HERE,
        disconnect_url=HERE,
        connected_identity=plain(),
        connected_context=plain(),
        accessory=element("overflow"),
        fallback=block("divider"),
    ),
    block(
        "video",
        title_url=HERE,
        description=plain(),
        author_name="x",
        provider_name="x",
        provider_icon_url=PIXEL,
    ),
    block("call", api_decoration_available=True, call={"v1": {}}),
    acting("workflow_button", action_id="a", style="danger", accessibility_label="x", workflow=WORKFLOW),
    acting("overflow", **ACTED, options=[option(url=HERE, description=plain())]),
    acting("static_select", **HINTED, **CHOSEN, options=[DESCRIBED]),
    [{"type": "actions", "elements": [{"type": "static_select", **HINTED, **CHOSEN, "option_groups": [GROUP]}]}],
    acting("multi_static_select", **HINTED, **CHOSEN_ALL, options=[DESCRIBED]),
    acting("external_select", **HINTED, **CHOSEN, min_query_length=0),
    acting("multi_external_select", **HINTED, **CHOSEN_ALL, min_query_length=0),
    acting("users_select", **HINTED, initial_user="U1"),
    acting("multi_users_select", **HINTED, initial_users=["U1"], max_selected_items=1),
    acting("conversations_select", **HINTED, initial_conversation="C1", filter=FILTER),
    acting("multi_conversations_select", **HINTED, initial_conversations=["C1"], filter=FILTER, max_selected_items=1),
    acting("conversations_select", default_to_current_conversation=True),
    acting("channels_select", **HINTED, initial_channel="C1"),
    acting("multi_channels_select", **HINTED, initial_channels=["C1"], max_selected_items=1),
    acting("checkboxes", **ACTED, options=[option(text=mrkdwn(), description=mrkdwn())], focus_on_load=True),
    acting("checkboxes", options=options(2), initial_options=options(2)),
    acting("radio_buttons", **ACTED, options=options(2), initial_option=option("1"), focus_on_load=True),
    acting("datepicker", **HINTED, initial_date="2026-11-21"),
    acting("timepicker", **HINTED, initial_time="14:02", timezone="Europe/London"),
    acting("datetimepicker", **ACTED, initial_date_time=1_790_000_000, focus_on_load=True),
    asking("plain_text_input", **TYPED, initial_value="x", multiline=True, min_length=0, max_length=3000),
    asking("rich_text_input", **TYPED, initial_value=rich(), min_lines=1, max_lines=1),
    asking("email_text_input", **TYPED, initial_value="jane@example.com"),
    asking("url_text_input", **TYPED, initial_value=HERE),
    asking("number_input", **TYPED, initial_value="0.5", min_value="-1", max_value="1"),
]
MODAL_BLOCKS: list[list[Json]] = [
    block("alert", text=mrkdwn(), level="info"),
    block("alert", text=plain()),
    asking("file_input", action_id="a", filetypes=["csv"], max_files=1),
    asking("channels_select", response_url_enabled=True),
]

# what a person left empty, or an app has nothing to put into yet
MAY_BE_EMPTY = {
    ("auth_provider", "fallback"),
    ("button", "value"),
    ("plain_text_input", "initial_value"),
    ("plan", "tasks"),
    ("rich_text_preformatted", "elements"),
    ("rich_text_quote", "elements"),
    ("rich_text_section", "elements"),
    ("table", "column_settings"),
    ("task_card", "sources"),
    (None, "customizable_input_parameters"),
}
