"""Lists are paged, sorted, filtered and thinned out as documented, in both shapes seen."""

from __future__ import annotations

from tests.contract.kajabi_world import ids


async def test_pages_lead_to_each_other_and_the_last_leads_nowhere(world):
    expected = {world.bundle.id, world.club.id} | {world.kajabi.add_offer(f"Offer {n}").id for n in range(5)}
    seen: list[str] = []
    url = "/v1/offers?page[size]=3"
    while url:
        answer = await world.client.get(url)
        seen += [item["id"] for item in answer.json()["data"]]
        url = answer.json()["links"]["next"]

    assert len(seen) == 7
    assert set(seen) == expected
    assert answer.json()["meta"] == {"total_pages": 3, "total_count": 7, "current_page": 3}


async def test_the_other_shape_of_meta_has_a_total_and_no_next_on_the_last_page(world):
    world.conduct.meta = "total"
    first = (await world.client.get("/v1/offers?page[size]=1")).json()
    last = (await world.client.get(first["links"]["next"])).json()

    assert first["meta"] == last["meta"] == {"total": 2}
    assert set(first["links"]) == {"self", "current", "next", "last"}
    assert "next" not in last["links"]
    assert [first["data"][0]["id"], last["data"][0]["id"]] == [world.bundle.id, world.club.id]


async def test_a_page_is_never_larger_than_the_largest(world):
    for number in range(120):
        world.kajabi.add_contact(f"someone{number}@example.com")
    answer = (await world.client.get("/v1/contacts?page[size]=1000")).json()
    usual = (await world.client.get("/v1/contacts")).json()

    assert (len(answer["data"]), len(usual["data"])) == (100, 20)
    assert answer["links"]["next"] is not None


async def test_offers_are_sorted_by_title_or_price_in_both_directions(world):
    async def order(sort: str) -> list[str]:
        answer = await world.client.get(f"/v1/offers?sort={sort}")
        return [item["id"] for item in answer.json()["data"]]

    bundle_first = [world.bundle.id, world.club.id]
    assert await order("title") == await order("-price_in_cents") == bundle_first
    assert await order("-title") == await order("price_in_cents") == bundle_first[::-1]


async def test_offers_are_filtered_by_site_title_and_description(world):
    other = world.kajabi.add_site("Second")
    abroad = world.kajabi.add_offer("Abroad", site=other)

    assert ids(await world.client.get(f"/v1/offers?filter[site_id]={other.id}")) == {abroad.id}
    assert ids(await world.client.get("/v1/offers?filter[title_cont]=BUND")) == {world.bundle.id}
    assert ids(await world.client.get("/v1/offers?filter[description_cont]=marketing")) == {world.bundle.id}


async def test_sparse_fields_leave_out_everything_else(world):
    answer = await world.client.get("/v1/offers?fields[offers]=title,price_in_cents")
    listed = answer.json()["data"][0]

    assert listed["attributes"] == {"title": "Bundle", "price_in_cents": 19_900}
    assert listed["relationships"] == {}
    world.conduct.sparse_relationships = True
    answer = await world.client.get("/v1/offers?fields[offers]=title")
    assert set(answer.json()["data"][0]["relationships"]) == {"site", "products"}


async def test_an_archived_offer_is_not_listed_but_shown_without_a_mark(world):
    before = (await world.client.get(f"/v1/offers/{world.bundle.id}")).json()
    world.kajabi.archive(world.bundle)

    assert ids(await world.client.get("/v1/offers")) == {world.club.id}
    assert (await world.client.get(f"/v1/offers/{world.bundle.id}")).json() == before
    world.conduct.archived_offer = "missing"
    assert (await world.client.get(f"/v1/offers/{world.bundle.id}")).status_code == 404


async def test_a_new_price_is_seen_at_once(world):
    world.kajabi.set_price(world.bundle, 29_900)
    answer = await world.client.get(f"/v1/offers/{world.bundle.id}")

    assert answer.json()["data"]["attributes"]["price_in_cents"] == 29_900
