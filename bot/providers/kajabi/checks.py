"""The start-up checks of Kajabi: credentials, permissions, site; each says what to do."""

from collections.abc import Awaitable, Callable, Sequence

from bot.domain.errors import ProviderError, Rejected
from bot.ports import Check
from bot.providers.base import Api, Call
from bot.providers.cleaning import clean
from bot.providers.jsonapi import MEDIA_TYPE, JsonApi, attributes
from bot.providers.kajabi import words
from bot.providers.kajabi.site import Site
from bot.providers.oauth import ClientCredentials

#: what is read of a list: one resource shows that it may be read
_ONE = {"page[size]": "1"}
#: an address that does not answer at all may be the wrong one
FIRST = "Kajabi"


class Checks:
    """Tries one thing after the other, and stops where the rest cannot work."""

    def __init__(self, api: Api, door: ClientCredentials, json_api: JsonApi, site: Site) -> None:
        self._api, self._door, self._json_api, self._site = api, door, json_api, site

    async def run(self) -> Sequence[Check]:
        """Return what was found; nothing is raised for it."""
        found = []
        for name, step in self._steps():
            check = await _tried(name, step)
            found.append(check)
            if not check.ok and name in {FIRST, words.KEY, words.SITE}:
                break
        return found

    def _steps(self) -> Sequence[tuple[str, Callable[[], Awaitable[str]]]]:
        return (
            (FIRST, self._version),
            (words.KEY, self._credentials),
            (words.USER, self._user),
            (words.SITE, self._chosen_site),
            (words.OFFERS, lambda: self._readable("/v1/offers", "offers")),
            (words.CONTACTS, lambda: self._readable("/v1/contacts", "contacts")),
            (words.PURCHASES, lambda: self._readable("/v1/purchases", "purchases")),
        )

    async def _version(self) -> str:
        answer = await self._api.send(Call(method="GET", path="/v1/version", headers={"Accept": MEDIA_TYPE}))
        meta = answer.document.get("meta")
        version = clean(meta.get("version"), limit=20) if isinstance(meta, dict) else ""
        return words.answers(version)

    async def _credentials(self) -> str:
        await self._door.token()
        return words.ACCEPTED

    async def _user(self) -> str:
        document = await self._json_api.document("/v1/me")
        role = clean(attributes(document["data"]).get("role_level"), limit=40)
        return words.acts_as(role)

    async def _chosen_site(self) -> str:
        sites = await self._site.all()
        chosen = self._site.configured
        if chosen is None and len(sites) != 1:
            raise Rejected(self._api.provider, words.choose_site(sites), code="site")
        if chosen is not None and chosen not in sites:
            raise Rejected(self._api.provider, words.unknown_site(sites), code="site")
        site_id = chosen if chosen is not None else await self._site.id()
        return f"{site_id} ({sites[site_id]})"

    async def _readable(self, path: str, what: str) -> str:
        call = Call(
            method="GET",
            path=path,
            query={"filter[site_id]": await self._site.id(), **_ONE},
            headers={"Accept": MEDIA_TYPE},
        )
        try:
            await self._door.send(call)
        except Rejected as error:
            if error.code != "forbidden":
                raise
            raise Rejected(error.provider, words.unreadable(what), code=error.code) from None
        return words.READABLE


async def _tried(name: str, step: Callable[[], Awaitable[str]]) -> Check:
    try:
        return Check(name=name, ok=True, says=await step())
    except Rejected as error:
        return Check(name=name, ok=False, says=error.detail)
    except ProviderError as error:
        return Check(name=name, ok=False, says=words.out_of_reach(error.detail), passing=name != FIRST)
