"""A small city that has promised something, and what people do at its tracking desk."""

from __future__ import annotations

import re
import shutil
import time
from pathlib import Path

from tests.web.site import Answer, Site, Visitor

PROMISES = """\
school-bus-stops:
  title: {vi: Xây trạm xe buýt trường học, en: Build school bus stops}
  kind: pledge
  parties: [City, Bus company]
  responsible: Department of Transport
  due: 2026-01-31
  stages:
    - {stage: announced, on: 2025-03-01, source: tutorial}
  milestones:
    - {id: first-ten, title: {vi: Mười trạm đầu tiên, en: The first ten stops}, due: 2025-12-31}
  claims:
    - {id: forty, source: tutorial, about: count, quantity: 40 stops, said: 2025-03-01, passage: forty stops}
    - {id: sixty, source: tutorial, about: count, quantity: 60 stops, said: 2025-04-01, passage: sixty stops}
quiet-streets:
  title: {vi: Đường phố yên tĩnh, en: Quiet streets}
  kind: statement
  parties: [City]
  responsible: Quiet Office
  stages:
    - {stage: delivered, on: 2025-06-01, source: tutorial}
  claims:
    - {id: said, source: tutorial, said: 2025-03-01}
"""
VALUES = """\
riders:
  title: {vi: Học sinh đi xe buýt, en: Pupils by bus}
  unit: pupils
  definition: {vi: Số học sinh, en: Number of pupils}
  observations:
    - {id: r2024, source: tutorial, quantity: 1200 pupils, period: 2024, said: 2025-03-01}
"""
NEWS = """\
Ngày 20/11/2026, UBND TP.HCM cho biết Techcombank cam kết giải ngân 1.500 tỷ đồng tín dụng ưu đãi đến năm 2030.
Thành phố đặt mục tiêu kinh tế số chiếm 30-40% GRDP vào năm 2030.
Năm 2025, kinh tế số chiếm khoảng 25% GRDP.
"""
NEW = {
    "record": "", "about": "amount", "minimum": "1500000000000", "maximum": "1500000000000", "unit": "VND",
    "qualifier": "exactly", "until": "2030-12-31", "kind": "commitment", "title_vi": "Tín dụng ưu đãi",
    "title_en": "Preferential credit", "promise_kind": "credit", "parties": "Techcombank; City", "stage": "announced",
    "status": "actual",
}  # fmt: skip
"""A draft as an analyst leaves it, the responsible body left out."""


def small_city(root: Path, folder: Path) -> str:
    """The tutorial's pack, with promises."""
    shutil.copytree(root / "docs" / "tutorial" / "my-city", folder)
    for kind, text in (("commitments", PROMISES), ("indicators", VALUES)):
        (folder / kind).mkdir()
        (folder / kind / "all.yaml").write_text(text, encoding="utf-8")
    return str(folder)


def upload(visitor: Visitor, path: str, token_from: str, file: tuple[str, str, bytes] | None, **fields: str) -> Answer:
    """Send a form, with a file where there is one: field, name, bytes."""
    if file is None:
        return visitor.post(path, token_from=token_from, **fields)
    return visitor.upload(path, token_from, *file, **fields)


def read_in(site: Site, title: str, text: str, day: str = "2026-11-20") -> str:
    """Have a text read, and give the address of its page once it was."""
    analyst, page = site.visitor("analyst"), "/en/desk/"
    given = {"text": text, "title": title, "publisher": "Báo thử", "day": day, "address": "https://example.vn/tin"}
    answer = analyst.post("/en/desk/documents/", token_from=page, **given)
    assert answer.status == 302, answer.text
    for _ in range(300):
        found = re.search(
            rf'href="(/en/desk/documents/\d+/)">{re.escape(title)}<.*?</tr>', analyst.get(page).text, re.S
        )
        assert found
        if "waiting to be read" not in found.group(0):
            return found.group(1)
        time.sleep(0.2)
    raise AssertionError("the document was never read")


def drafts(site: Site, page: str) -> list[str]:
    """Numbers of a document's drafts, in the order of its text."""
    return re.findall(r'<li class="\w+"><a href="[^"?]+\?draft=(\d+)#now"', site.visitor("analyst").get(page).text)


def take(site: Site, page: str, draft: str, **given: str) -> Answer:
    """Take a draft as the analyst."""
    return site.visitor("analyst").post(f"/en/desk/drafts/{draft}/take/", token_from=f"{page}?draft={draft}", **given)


def make_examples(site: Site) -> None:
    """What the test of access opens: a document with drafts, a promise that only one person has seen, a proposal."""
    page = read_in(site, "Tin để thử quyền", NEWS)
    first, *_ = drafts(site, page)
    answer = take(site, page, first, **NEW, responsible="Sở Tài chính")
    assert answer.status == 302, answer.text
    propose(site, "Đề nghị để thử quyền")


def propose(site: Site, title: str, text: str = "Xin làm.", **more: str) -> Answer:
    """Make a proposal as anybody."""
    page = "/en/proposals/new/"
    return site.visitor().post(page, token_from=page, title=title, text=text, **more)
