"""The report's words in one language, and numbers as people write them there."""

from __future__ import annotations

import math
from dataclasses import dataclass

from haidang.facts import wordbook
from haidang.frameworks.framework import Language
from haidang.results.numerals import number, pasted, percent


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of one language."""

    language: Language

    def say(self, key: str, **values: str) -> str:
        """A sentence with its values filled in.

        Raises:
            KeyError: there are no such words, which is a defect of the program.
        """
        return wordbook("haidang.allocate.factory_report")[key][self.language].format(**values)

    def level(self, value: float | None) -> str:
        """A level or a mean of levels, with one decimal where it is not whole."""
        if value is None or math.isnan(value) or value < 0:
            return self.say("unknown")
        text = f"{value:.1f}".removesuffix(".0")
        return text.replace(".", ",") if self.language == "vi" else text

    def money(self, value: float | None) -> str:
        """Dong, in billions or millions."""
        if value is None:
            return self.say("none")
        if abs(value) < 5e4:
            return "0"
        large = abs(value) >= 0.995e9
        scaled = number(value / (1e9 if large else 1e6), self.language)
        return self.say("billion" if large else "million", value=scaled)

    def millions(self, value: float) -> str:
        """Dong as a number of millions, for a table whose head names the unit."""
        return "0" if abs(value) < 5e4 else pasted(number(value / 1e6, self.language), value, self.language)

    def tonnes(self, value: float) -> str:
        """Tonnes of CO2 equivalent as a number, for a table whose head names the unit."""
        return pasted(number(value, self.language), value, self.language)

    def carbon(self, value: float) -> str:
        """Tonnes of CO2 equivalent."""
        return self.say("tonnes", value=number(value, self.language))

    def share(self, value: float) -> str:
        """A share as a percentage."""
        return percent(value, self.language)
