"""`python -m benchmarks.screens FOLDER`: pictures of the site's pages for the documentation, from a site of examples.

Every picture is of the running site in Chromium: a desk of 1280 points or a telephone of 390, in the language named.
"""

from __future__ import annotations

import argparse
import io
import shutil
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import BrowserContext, sync_playwright

from haidang.packs import find_pack
from tests.web.desk import read_in
from tests.web.site import Site, Visitor, command, give_accounts, running

PACK = "hcmc"
COLOURS = 128
"""So many colours are kept in a picture: it is drawn, not photographed."""
SHOTS = (
    ("city", None, "/en/", "desk"),
    ("city-phone", None, "/vi/", "phone"),
    ("targets", None, "/en/targets/", "desk"),
    ("laboratory", "analyst", "{design}", "desk"),
    ("factory-result", "analyst", "/vi/factories/assessments/1/result/", "phone"),
    ("application", "analyst", "/en/lending/applications/1/", "desk"),
    ("pipeline", "analyst", "/en/lending/", "desk"),
    ("desk", "analyst", "{paper}", "desk"),
    ("pilot", "analyst", "/en/pilots/1/", "desk"),
    ("administration", "administrator", "/en/office/", "desk"),
)
"""Name, who looks, address, and how wide."""
NOTICE = """Sở Công Thương sẽ hoàn thành 12 trung tâm tư vấn cho nhà máy trước ngày 31/12/2027.
Năm 2025, thành phố đã giải ngân 1.250 tỷ đồng vốn vay ưu đãi cho 84 doanh nghiệp.
"""
"""What the desk reads in its picture; nobody ever published it."""
WIDE = {"desk": (1280, 1200), "phone": (390, 1100)}


def main() -> None:
    """Fill a site with examples, open its pages and keep their pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="haidang-screens-") as place:
        data = Path(place) / "data"
        give_accounts(data, PACK, "analyst", "administrator")
        print(command(data, PACK, "web", "demo", "--data", str(data)).stdout.strip())
        with running(data, PACK) as site:
            _pilot(site)
            _shoot(site, folder, {"{design}": _design(site), "{paper}": read_in(site, "A made-up notice", NOTICE)})


def _design(site: Site) -> str:
    """A design of the analyst's with a lever and the condition moved."""
    who = site.visitor("analyst")
    made = who.post("/en/lab/new/", token_from="/en/lab/", begin="smart-manufacturing-credit", name="Cheaper loans")
    page = made.headers["location"]
    moved = {
        "version": "1",
        "lever__credit__loan_rate": "1 %/year",
        "eligible__credit": 'level < 4 and size == "small"',
    }
    assert who.post(f"{page}save/", token_from=page, name="Cheaper loans", **moved).status == 302
    return page


def _pilot(site: Site) -> None:
    """The pilot of the city's pack, declared."""
    text = (find_pack(PACK) / "pilots" / "smart-manufacturing-credit.yaml").read_text(encoding="utf-8")
    answer = site.visitor("analyst").post("/en/pilots/new/", token_from="/en/pilots/new/", declaration=text)
    assert answer.status == 302, answer.text


def _shoot(site: Site, folder: Path, objects: dict[str, str]) -> None:
    chromium = shutil.which("chromium") or "/usr/bin/chromium"
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for name, who, address, wide in SHOTS:
            width, height = WIDE[wide]
            context = browser.new_context(viewport={"width": width, "height": height}, device_scale_factor=1)
            if who is not None:
                _as(context, site.visitor(who))
            page = context.new_page()
            page.goto(site.base + objects.get(address, address), wait_until="load")
            if name == "laboratory":
                page.locator(".asked .tiles").wait_for(timeout=240_000)
                page.reload(wait_until="load")  # the answer before had to compile first
                page.locator(".asked .tiles").wait_for()
            page.wait_for_timeout(500)
            _keep(page.screenshot(), folder / f"{name}.png")
            context.close()
        browser.close()


def _as(context: BrowserContext, visitor: Visitor) -> None:
    """The cookies of somebody who is logged in."""
    context.add_cookies([{"name": one.name, "value": one.value or "", "url": visitor.base} for one in visitor.jar])


def _keep(picture: bytes, path: Path) -> None:
    with Image.open(io.BytesIO(picture)) as found:
        found.convert("RGB").quantize(COLOURS).save(path, optimize=True)
    print(f"{path}: {path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
