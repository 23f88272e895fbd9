"""What people have done on the city's site before a test begins: each object the first of its kind, so number 1."""

from __future__ import annotations

import io
import re

import lxml.html
import polars as pl

from tests.web.site import Answer, Site, Visitor

CREDIT = "smart-manufacturing-credit"
FACTORY, OTHER = 1, 2
HANDED_IN, DRAFT = 1, 2
TAX_CODE, OTHER_TAX_CODE = "0100233488", "0314409058002"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
SHOWN = ["name", "sector", "employees", "levels", "evidence", "amount", "listed"]
"""What the first factory lets the first lender see: neither its tax code nor its revenue."""


def furnish(site: Site) -> None:
    """A factory with an assessment handed in, another in progress, an application, a consent, a record and a list."""
    owner, other = site.visitor("factory_owner"), site.visitor("other_factory_owner")
    done(add_factory(owner, "Nhà máy <b>Một</b>", TAX_CODE))
    done(add_factory(other, "Nhà máy Hai", OTHER_TAX_CODE))
    done(owner.post(f"/en/factories/{FACTORY}/assessments/start/", token_from=f"/en/factories/{FACTORY}/"))
    part = f"/en/factories/assessments/{HANDED_IN}/parts/standard-work/"
    done(answer(owner, part, "1"))
    criterion = criteria(owner.get(part).text)[0]
    told = {"criterion": criterion, "kind": "photo", "caption": "Hướng dẫn treo tại máy"}
    done(send_file(owner, part, "ảnh.png", PNG, **told))
    done(owner.post(f"/en/factories/assessments/{HANDED_IN}/submit/", token_from=part.partition("parts")[0]))
    done(owner.post(f"/en/factories/{FACTORY}/assessments/start/", token_from=f"/en/factories/{FACTORY}/assessments/"))
    apply = f"/en/factories/{FACTORY}/programmes/{CREDIT}/"
    done(owner.post(apply, token_from=apply, amount="1.5 billion", purpose="Máy <i>mới</i>", version="0"))
    done(owner.post("/en/factories/applications/1/send/", token_from="/en/factories/applications/1/"))
    done(consent(owner, site, SHOWN))
    record = {"stage": "approved", "amount": "1.2 billion", "day": "2026-01-15", "sure": "on"}
    detail = "/en/lending/applications/1/"
    done(site.visitor("lender_officer").post(f"{detail}record/", token_from=detail, **record))
    analyst, page = site.visitor("analyst"), "/en/lending/lists/"
    done(analyst.send_file(page, page, "list.parquet", allocation(), title="Danh sách thử", programme=CREDIT))
    done(analyst.post("/en/lending/lists/1/publish/", token_from="/en/lending/lists/1/"))


def done(reply: Answer) -> Answer:
    """A form that was taken sends its writer on."""
    assert reply.status == 302, re.sub(r"<[^>]+>|\s+", " ", reply.text)[:3000]
    return reply


PROFILE = {
    "district": "Phường Một", "sector": "food", "employees": "64", "revenue": "92 billion",
    "value_added": "23 billion", "electricity": "960000", "trait_zone": "yes", "trait_collateral": "no",
}  # fmt: skip


def add_factory(owner: Visitor, name: str, code: str, **more: str) -> Answer:
    """A factory of the owner's organisation."""
    page = "/en/factories/new/"
    body = re.search(r'<option value="(\d+)"', owner.get(page).text)
    assert body
    told = {**PROFILE, "name": name, "tax_code": code, "version": "0", "body": body.group(1), **more}
    return owner.post(page, token_from=page, **told)


def criteria(page: str) -> list[str]:
    """The criteria that a part asks about."""
    return list(dict.fromkeys(re.findall(r'name="answer-([^"]+)"', page)))


def version(page: str) -> str:
    """How often a part was saved when it was read."""
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found
    return found.group(1)


def answer(visitor: Visitor, part: str, value: str, **more: str) -> Answer:
    """Give every question of a part one answer."""
    page = visitor.get(part).text
    told = {f"answer-{one}": value for one in criteria(page)}
    return visitor.post(part, token_from=part, **{"version": version(page), **told, **more})


def send_file(visitor: Visitor, part: str, name: str, content: bytes, **told: str) -> Answer:
    """Put a file behind an answer of a part, with the answers as they stand on its page."""
    (form,) = (one for one in lxml.html.fromstring(visitor.get(part).text).forms if "questions" in one.classes)
    typed = {field: value for field, value in form.form_values() if field not in ("csrfmiddlewaretoken", "file")}
    return visitor.send_file(part, part, name, content, **{**typed, "add_file": "1", **told})


def lender_number(visitor: Visitor, name: str) -> str:
    """The number of a lender on the page of consents."""
    found = re.search(rf'id="l-(\d+)">{name}<', visitor.get(f"/en/factories/{FACTORY}/consents/").text)
    assert found
    return found.group(1)


def consent(owner: Visitor, site: Site, fields: list[str], lender: str = "Ngân hàng Một", **more: str) -> Answer:
    """Let a lender see these fields."""
    del site
    page = f"/en/factories/{FACTORY}/consents/"
    return owner.post(f"{page}{lender_number(owner, lender)}/", token_from=page, fields_seen=fields, **more)


def allocation() -> bytes:
    """A table as `haidang allocate` leaves it, that holds the first factory and one that is not on the site."""
    stream = io.BytesIO()
    pl.DataFrame(
        {
            "id": [int(TAX_CODE), 7],
            "weight": [1.0, 1.0],
            "standing": ["listed", "priced_out"],
            "offers": ["credit 2026", ""],
            "expected": [0.4, 0.0],
            "next": ["", "credit 2026"],
            "held_by": ["", "loan 2026"],
            "share_in": [0.97, 0.1],
            "certainty": ["always", "sometimes"],
        }
    ).write_parquet(stream)
    return stream.getvalue()
