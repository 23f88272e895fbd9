"""A helping process of a run: `python -m haidang.study.worker` with the job on standard input. Started by `company`."""

from __future__ import annotations

import json
import os
import sys

from haidang.engine import share
from haidang.errors import HaidangError
from haidang.packs import load_pack
from haidang.study.company import GO, question_of
from haidang.study.prepared import prepare


def main() -> int:
    """Work until nothing is left to begin, or until the leading process is gone."""
    leader = os.getppid()
    root, question, desk = question_of(json.loads(sys.stdin.readline()))
    try:
        prepared = prepare(load_pack(root), question)
        years = prepared.setting.years
        if sys.stdin.readline().strip() != GO.decode():
            return 0
        share(
            prepared.setting,
            lambda draw: prepared.facts.of(draw, years),
            question.draws,
            desk,
            wanted=lambda: os.getppid() == leader,
        )
    except HaidangError as mistake:
        # The leader meets the same mistake and tells it; what this process leaves undone the leader does.
        print(f"haidang: a helping process stopped: {mistake}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
