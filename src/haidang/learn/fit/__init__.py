"""Fitting: the parameters of a model's choices from observed choices, and uncertain facts from published totals.

Given: a description (YAML) of who chose what among which alternatives with which utilities, and a table of choices;
or a model's outcomes as a function of facts, and published figures for them.
Gives: `fit_choices`, a `Fitted` with coefficients, log-likelihood and plain, robust and clustered covariances;
`ratio_test`, `worth` (willingness to pay); `fit_moments`, a posterior; `facts_text`, facts with their covariance.
Never: drops a row without saying so, estimates what the data cannot tell, keeps draws that memory would grow with.

Logit, nested, mixed and conditional likelihoods stand on `models.logit`, derivatives are JAX's.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from haidang.learn.fit.choices import Choices, Groups
    from haidang.learn.fit.declared import Declared, is_moments, load_declared
    from haidang.learn.fit.errors import FitError
    from haidang.learn.fit.estimate import fit_choices
    from haidang.learn.fit.fitted import Fitted, RatioTest, Worth, ratio_test, worth
    from haidang.learn.fit.moments import Posterior, fit_moments
    from haidang.learn.fit.observed import Observed, observe
    from haidang.learn.fit.write import facts_text, write_facts

__all__ = [
    "Choices",
    "Declared",
    "FitError",
    "Fitted",
    "Groups",
    "Observed",
    "Posterior",
    "RatioTest",
    "Worth",
    "facts_text",
    "fit_choices",
    "fit_moments",
    "is_moments",
    "load_declared",
    "observe",
    "ratio_test",
    "worth",
    "write_facts",
]

_HOMES = {
    "Choices": "choices",
    "Declared": "declared",
    "FitError": "errors",
    "Fitted": "fitted",
    "Groups": "choices",
    "Observed": "observed",
    "Posterior": "moments",
    "RatioTest": "fitted",
    "Worth": "fitted",
    "facts_text": "write",
    "fit_choices": "estimate",
    "fit_moments": "moments",
    "is_moments": "declared",
    "load_declared": "declared",
    "observe": "observed",
    "ratio_test": "fitted",
    "worth": "fitted",
    "write_facts": "write",
}


def __getattr__(name: str) -> Any:
    """A public name, from its module, which is imported now."""
    if name not in _HOMES:
        raise AttributeError(name)
    return getattr(import_module(f"haidang.learn.fit.{_HOMES[name]}"), name)
