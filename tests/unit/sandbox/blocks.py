"""Blocks and forms in few words."""


def text(words, kind="plain_text"):
    return {"type": kind, "text": words}


def section(words):
    return {"type": "section", "text": text(words, "mrkdwn")}


def button(action_id, words, **more):
    return {"type": "button", "action_id": action_id, "text": text(words), **more}


def field(name, element, **more):
    return {
        "type": "input",
        "block_id": name,
        "label": text(name.title()),
        "element": element | {"action_id": name},
    } | more


def form(*blocks, **more):
    return {
        "type": "modal",
        "callback_id": "grant",
        "title": text("Grant"),
        "submit": text("Send"),
        "blocks": blocks,
    } | more


def offers(*names):
    return [{"text": text(name), "value": f"kajabi:{number}"} for number, name in enumerate(names)]
