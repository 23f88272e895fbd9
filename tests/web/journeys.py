"""What people come to the site for, role by role: each journey in either language, by keyboard, every page looked at.

These on the site of the city, with its factories, their assessor and their lender; the others in `journeys_of_staff`.
"""

from __future__ import annotations

import re

from haidang.web.words import Language
from tests.web.city import CREDIT, DRAFT, FACTORY, PNG, add_factory, answer, done
from tests.web.traveller import Traveller

CODES: dict[Language, str] = {"vi": "0309998827", "en": "0309998834"}
READ_AGAIN: dict[Language, str] = {"vi": "0309998841", "en": "0309998859"}
AMOUNTS: dict[Language, tuple[str, str]] = {
    "vi": ("1,5 tỷ", "1.500.000.000 đồng"),
    "en": ("1.5 billion", "1,500,000,000 VND"),
}
PARTS: dict[Language, tuple[str, str]] = {"vi": ("scheduling", "inventory"), "en": ("inventory", "scheduling")}
ONE, LENDER = "Nhà máy <b>Một</b>", "Ngân hàng Hai"


def an_owner(t: Traveller) -> None:
    """From a new factory through its self-assessment to an application that a lender may see, and back."""
    name = f"Nhà máy của chủ ({t.language})"
    t.go("factories/")
    t.press(t.say("factories.add"))
    t.write("name", name)
    t.write("tax_code", CODES[t.language][:-1] + "0")
    t.choose("sector", "garments")
    t.write("employees", "64")
    t.press(t.say("factories.keep"))
    t.sees(t.say("factories.mistake.tax_check"))
    t.write("tax_code", CODES[t.language])
    t.press(t.say("factories.keep"))
    t.sees(name, t.say("factories.profile.added"))
    t.press(t.say("factories.home.begin"))
    t.follow("/parts/scheduling/")
    for one in questions(t):
        t.tick(one)
    t.press(t.say("factories.section.keep"))
    t.sees(t.say("factories.section.saved"))
    t.press(t.say("factories.assessment.hand_in"))
    t.sees(t.say("factories.assessment.handed_in"), t.say("factories.result.levels"))
    t.press(t.say("factories.room.roadmap"))
    t.press(t.say("factories.room.programmes"))
    an_application(t, name)


def an_application(t: Traveller, name: str) -> None:
    """Written, sent, shown to a lender, hidden from it, taken back."""
    said, shown = AMOUNTS[t.language]
    t.sees({"vi": "Bậc trưởng thành bình quân dưới 4", "en": "Mean maturity level below 4"}[t.language])
    t.follow(f"{t.page.url.partition('/factories')[2]}{CREDIT}/")
    t.write("amount", said)
    t.write("purpose", "Máy may mới")
    t.press(t.say("factories.application.keep"))
    t.sees(t.say("factories.application.kept"), shown, t.say("factories.application.no_consent"))
    own = t.page.url.partition("#")[0].partition(f"/{t.language}/")[2]
    t.press(t.say("factories.application.send"))
    t.sees(t.say("factories.application.sent"))
    lender, seen = t.site.visitor("other_lender_officer"), f"/en/{own.replace('factories', 'lending')}"
    t.press(t.say("factories.room.consents"))
    t.unfold(f"{t.say('factories.consent.choose')}: {LENDER}")
    t.tick("fields_seen", "name")
    t.tick("fields_seen", "amount")
    t.press(f"{t.say('factories.consent.give')}: {LENDER}")
    t.sees(t.say("factories.consent.given", lender=LENDER))
    assert name in lender.get(seen).text
    t.press(f"{t.say('factories.consent.withdraw')}: {LENDER}")
    assert lender.get(seen).status == 404
    t.go(own)
    t.unfold(t.say("factories.application.withdraw"))
    t.press(t.say("factories.application.withdraw_do"))
    t.sees(t.say("factories.application.withdrawn"))


def an_editor(t: Traveller) -> None:
    """Answers one part and goes on to the next, gives a file as evidence; handing in is not for an editor."""
    part, _ = PARTS[t.language]
    t.go("factories/")
    t.press(ONE)
    t.press(t.say("factories.home.go_on"))
    t.sees(t.say("factories.assessment.owner_only"))
    t.follow(f"/parts/{part}/")
    t.tick(questions(t)[0])
    t.press(t.say("factories.section.keep_on"))
    t.sees(t.say("factories.section.saved"))
    t.go(f"factories/assessments/{DRAFT}/parts/{part}/")
    file = t.site.data.parent / f"ảnh-{t.language}.png"
    file.write_bytes(PNG)
    t.write("caption", f"Bảng kế hoạch ({t.language})")
    t.give("file", file)
    t.press(t.say("factories.file.add"))
    t.sees(t.say("factories.file.added"))
    t.go(f"factories/{FACTORY}/files/")
    t.press(t.say("factories.room.history"))
    t.sees(t.say("deed.factories.file.added"))


def an_assessor(t: Traveller) -> None:
    """Reads a self-assessment again beside its evidence; where both say the same, it is verified."""
    name = f"Nhà máy đọc lại ({t.language})"
    handed_in(t, name)
    t.go(f"factories/?q={READ_AGAIN[t.language]}")
    t.press(name)
    t.press(t.say("factories.home.result"))
    t.press(t.say("factories.result.begin_second"))
    t.sees(t.say("factories.assessment.reading_intro"))
    t.follow("/parts/standard-work/")
    t.sees(t.say("factories.section.said"))
    first, *rest = questions(t)
    t.tick(first)
    t.page.keyboard.press("ArrowDown")  # from yes to no
    for one in rest:
        t.tick(one)
        t.choose(one.replace("answer-", "status-"), "2")
    t.press(t.say("factories.section.keep"))
    t.press(t.say("factories.assessment.hand_in"))
    t.sees(t.say("factories.result.differ"), t.say("factories.result.second_text"))


def a_lender(t: Traveller) -> None:
    """Finds an application, is asked about an amount that is hardly meant, records it; a mistake is recorded too."""
    t.go("lending/")
    t.write("q", "Nhà máy")
    t.press(t.say("facts.look"))
    t.press(ONE)
    t.choose("stage", "approved")
    t.write("amount", "150")
    t.press(t.say("lending.record.keep"))
    t.sees(t.say("lending.question.small", amount="150 " + AMOUNTS[t.language][1].rpartition(" ")[2]))
    t.tick("sure")
    t.press(t.say("lending.record.keep"))
    t.sees(t.say("lending.record.kept"))
    records = t.site.visitor("lender_officer").get("/en/lending/records.csv").text
    t.choose("stage", "void")
    t.write("reason", "Ghi thử")
    t.choose("corrects", records.strip().splitlines()[-1].partition(",")[0])
    t.press(t.say("lending.record.keep"))
    t.sees(t.say("lending.record.corrected"))
    t.press(t.say("lending.room.records"))
    t.press(t.say("lending.room.use"))
    t.sees(t.say("lending.use.no_run"))


def questions(t: Traveller) -> list[str]:
    """The names of the questions on the page, in order."""
    return list(dict.fromkeys(re.findall(r'name="(answer-[^"]+)"', t.page.content())))


def handed_in(t: Traveller, name: str) -> None:
    """A factory of the travelling owner's, with one part answered and handed in."""
    owner = t.site.visitor("travelling_owner")
    home = done(add_factory(owner, name, READ_AGAIN[t.language])).headers["location"]
    draft = done(owner.post(f"{home}assessments/start/", token_from=home)).headers["location"]
    done(answer(owner, f"{draft}parts/standard-work/", "1"))
    done(owner.post(f"{draft}submit/", token_from=draft))
