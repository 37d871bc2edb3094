"""What the page offers to complete after a slash: the manifest names the commands, this their first words."""

from bot.sandbox.manifest import Manifest
from bot.sandbox.model import Json

#: first word, one example that works, what it does
VERBS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "/offer": (
        ("help", "/offer help", "shows what you may do"),
        ("find", "/offer find bundle by price", "finds offers with these words"),
        ("show", "/offer show bundle", "shows one offer with its products"),
        ("who", "/offer who jane@example.com", "shows what a customer holds, and why"),
        ("grant", "/offer grant jane@example.com bundle because refund case 4412", "asks for a grant"),
        ("revoke", "/offer revoke jane@example.com bundle because refund case 4412", "asks for a revoke"),
        ("bulk", "/offer bulk grant bundle because the May course starts", "asks for a whole list of customers"),
        ("requests", "/offer requests waiting", "lists requests"),
        ("ending", "/offer ending 7d", "lists what is taken back soon"),
        ("why", "/offer why R-4F7K", "tells the whole history of a request"),
        ("pause", "/offer pause the price list is wrong", "for admins: nothing is sent from now on"),
        ("resume", "/offer resume", "for admins: carries out what is approved by then"),
    ),
}


def commands(manifest: Manifest) -> list[Json]:
    """The slash commands of the manifest, in its order."""
    declared: list[Json] = _features(manifest).get("slash_commands") or []
    return [
        {
            "command": one["command"],
            "description": one.get("description", ""),
            "usage_hint": one.get("usage_hint", ""),
            "verbs": [
                dict(zip(("verb", "example", "does"), verb, strict=True)) for verb in VERBS.get(one["command"], ())
            ],
        }
        for one in declared
    ]


def shortcuts(manifest: Manifest) -> list[Json]:
    """The global and the message shortcuts of the manifest."""
    declared: list[Json] = _features(manifest).get("shortcuts") or []
    return [{name: one.get(name, "") for name in ("callback_id", "name", "type", "description")} for one in declared]


def _features(manifest: Manifest) -> Json:
    features: Json = manifest.document.get("features") or {}
    return features
