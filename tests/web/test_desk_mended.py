"""A document that was written down wrongly is corrected and read again, and what was decided stays."""

from __future__ import annotations

import json
import time

from tests.web.desk import NEW, drafts, read_in, take
from tests.web.site import Site


def test_a_document_is_corrected_and_read_again_and_what_was_decided_stays(promised: Site) -> None:
    """Links beside a draft hold on the page of a mistake too, which has the draft's own address."""
    city, analyst = promised, promised.visitor("analyst")
    text = "Năm tới, Công ty E cam kết xây 12 trạm. Năm tới, Công ty E cam kết trồng 90 cây xanh."
    page = read_in(city, "Tên sai", text, "2026-01-05")
    first, second = drafts(city, page)
    wrong = take(city, page, first, **NEW)
    assert f'href="{page}?draft={second}#now"' in wrong.text
    assert 'href="?draft' not in wrong.text
    done = take(city, page, first, **{**NEW, "title_en": "Stops of E", "stage": ""}, responsible="Sở E")
    assert done.status == 302
    own = {"title": "Tên đúng", "publisher": "Báo đúng", "day": "2025-01-05", "address": "https://example.vn/e"}
    late = analyst.post(f"{page}about/", token_from=page, **{**own, "day": "2199-01-01"})
    assert "This day has not come yet" in late.text
    assert analyst.post(f"{page}about/", token_from=page, **own).status == 302
    shown = until_read(city, page)
    assert "Tên đúng" in shown
    assert drafts(city, page)[0] == first
    assert '<li class="taken">' in shown
    # The open draft is found anew: "next year" is another now.
    (fresh,) = (one for one in drafts(city, page) if one != first)
    assert fresh != second
    assert 'name="until" value="2026-12-31"' in analyst.get(f"{page}?draft={fresh}").text
    # The record names its document by the same id, and the document as it is called now.
    told = analyst.get("/en/commitments/stops-of-e/").text
    assert "Báo đúng" in told
    assert "Báo thử" not in told
    assert take(city, page, fresh, **{**NEW, "title_en": "Trees of E", "stage": ""}, responsible="Sở E").status == 302
    sources = {one["source"] for name in ("stops-of-e", "trees-of-e") for one in claims(city, name)}
    assert len(sources) == 1
    for name in ("stops-of-e", "trees-of-e"):  # so that nothing waits on a site that others use
        ids = [one["id"] for one in claims(city, name)]
        check = f"/en/desk/check/commitment/{name}/"
        assert city.visitor("approver").post(check, token_from="/en/desk/check/", claims=ids).status == 302
        assert city.visitor().get(f"/en/commitments/{name}/").status == 200
    assert analyst.post(f"{page}again/", token_from=page).status == 302
    assert drafts(city, until_read(city, page) and page) == [first, fresh]
    log = city.visitor("administrator").get("/en/office/log.csv?action=desk").text
    assert "desk.document.corrected" in log
    assert "desk.document.read_again" in log
    assert city.visitor("approver").post(f"{page}again/", token_from=page).status == 403


def until_read(site: Site, page: str) -> str:
    """A document's page once it was read."""
    for _ in range(150):
        text = site.visitor("analyst").get(page).text
        if "waiting to be read" not in text:
            return text
        time.sleep(0.2)
    raise AssertionError("the document was never read")


def claims(site: Site, name: str) -> list[dict[str, str]]:
    answer = site.visitor().get(f"/api/v1/commitments/{name}", token=site.key("analyst"))
    return json.loads(answer.text)["claims"]
