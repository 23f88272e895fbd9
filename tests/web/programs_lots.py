"""A program draws a pilot's lots from the site's own factories: a road of `programs`."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Callable
from typing import Any

from haidang.web.pilots.models import Pilot
from haidang.web.pilots.site_units import site_units, units_file
from tests.web.planting import PEOPLE
from tests.web.test_pilots import PLAN


def site_lots(sends: Callable[[str, str, object], tuple[int, Any]]) -> None:
    """Refused where the plan's units are others, drawn where they are the site's."""
    _, owned = sends("factory_owner", "/factories/1", None)
    new = {"name": "Nhà máy thứ hai", "tax_code": "0301234509", "sector": "food", "employees": 12}
    assert sends("factory_owner", "/factories", {**new, "organisation": owned["organisation"]})[0] == 201
    content = units_file(site_units(PEOPLE["analyst"].user)).content
    many = len(list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))) - 1
    sent = {"units": hashlib.sha256(content).hexdigest(), "salt": "10 20 30"}
    for size, status in ((many + 1, 400), (many, 200)):
        plan = PLAN.format(id=f"of-the-site-{size}").replace("size: 200, strata: [sector]", f"size: {size}")
        made = sends("analyst", "/pilots/declarations", {"declaration": plan.replace("stratified", "complete")})[1]
        for file in Pilot.objects.get(pk=made["number"]).folder.iterdir():
            if file.name != "pilot.yaml" and file.is_file():
                file.unlink()  # of a pilot of this number that another road made and no transaction takes back
        assert sends("analyst", f"/pilots/{made['number']}/registrations", {})[0] == 200
        answer = sends("analyst", f"/pilots/{made['number']}/lots/site", sent)
        assert answer[0] == status, answer
