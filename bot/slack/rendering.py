"""Which words and buttons does a message that is owed consist of?"""

from dataclasses import replace

from bot.domain.request import AuditEvent, Case, MessageKind
from bot.ports import Delivery
from bot.slack import bulletins, cards, directs, questions, reminders, thread
from bot.slack.content import Content
from bot.words.scene import Scene


def render(delivery: Delivery, scene: Scene) -> Content:
    """Draw a message from the case as it is now, and from the event it tells."""
    message, case, event = delivery.message, delivery.case, delivery.event
    scene = replace(scene, pause=delivery.pause, tried_again=delivery.tried_again)
    if message.kind is MessageKind.DIGEST:
        return reminders.digest(delivery.entries, scene)
    if case is None:
        return bulletins.bulletin(message, event)
    if message.kind is MessageKind.CARD:
        return cards.card(case, scene)
    if message.kind is MessageKind.ASK:
        version = message.asks if message.asks is not None else case.request.version
        return questions.ask(case, scene, version=version, direct=message.parent is None)
    if event is None:
        raise ValueError(f"{message.key}: a {message.kind} tells an event")
    return _event(message.kind, event, case, scene)


def _event(kind: MessageKind, event: AuditEvent, case: Case, scene: Scene) -> Content:
    match kind:
        case MessageKind.FILE:
            return thread.listed_elsewhere(case)
        case MessageKind.LINE:
            return thread.line(event, case, scene)
        case MessageKind.RESULT:
            return thread.result(event, case, scene)
        case MessageKind.ALERT:
            return directs.alert(event, case, scene)
        case _:
            return directs.direct(event, case, scene)
