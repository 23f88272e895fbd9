"""Published estimates, to the digits that were printed."""

import numpy as np
import pytest

from haidang.learn.fit import fit_choices, load_declared, observe, ratio_test, worth
from haidang.learn.fit.figures import load_figures
from haidang.packs import load_pack

SWISSMETRO = """
kind: {kind}
data:
  shape: wide
  where: (PURPOSE == 1 or PURPOSE == 3) and CHOICE != 0
  chosen: CHOICE{unit}
columns:
  train_cost: TRAIN_CO * (GA == 0) / 100
  sm_cost: SM_CO * (GA == 0) / 100
alternatives:
  train:
    code: 1
    available: TRAIN_AV == 1 and SP != 0
    utility: asc_train + b_time * TRAIN_TT / 100 + b_cost * train_cost
  sm: {{code: 2, available: SM_AV == 1, utility: b_time * SM_TT / 100 + b_cost * sm_cost}}
  car: {{code: 3, available: CAR_AV == 1 and SP != 0, utility: asc_car + b_time * CAR_TT / 100 + b_cost * CAR_CO / 100}}
coefficients: {{asc_car: , asc_train: , b_cost: , b_time: {more}}}
"""

CANADA = """
kind: multinomial
data:
  shape: long
  where: noalt == 4
  without: bus
  situation: case
  alternative: alt
  chosen: choice
columns:
  time: ivt + ovt
alternatives:
  car: {utility: cost * b_cost + freq * b_freq + time * time_car}
  train: {utility: asc_train + cost * b_cost + freq * b_freq + income * income_train + time * time_train}
  air: {utility: asc_air + cost * b_cost + freq * b_freq + income * income_air + time * time_air}
coefficients:
  {asc_train: , asc_air: , b_cost: , b_freq: , income_train: , income_air: , time_car: , time_train: , time_air: }
"""


def rounded(values, digits=3):
    """To so many digits that count, as Biogeme prints them."""
    return [float(f"{value:.{digits}g}") for value in values]


def fitted(text, data, tmp_path, pack=None):
    path = tmp_path / "fit.yaml"
    path.write_text(text, encoding="utf-8")
    declared = load_declared(path)
    observed = observe(declared, data, pack)
    return fit_choices(
        observed.choices, declared.coefficients, restrictions=declared.restrictions, nests=declared.nests,
        laws=declared.laws, draws=declared.draws, place=observed.place,
    )  # fmt: skip


def swissmetro(shared, tmp_path, kind="multinomial", more="", unit="", rest=""):
    text = SWISSMETRO.format(kind=kind, more=more, unit=unit) + rest
    return fitted(text, shared / "data" / "swissmetro.csv.gz", tmp_path)


def test_swissmetro_is_as_biogeme_prints_it(shared, tmp_path):
    """Biogeme 3.2.6a, example 01logit: values, standard errors, robust standard errors."""
    found = swissmetro(shared, tmp_path)
    assert found.observations == 6768
    assert round(found.log_likelihood, 3) == -5331.252
    assert round(found.null_log_likelihood, 3) == -6964.663
    assert rounded(found.values) == [-0.155, -0.701, -1.08, -1.28]
    assert rounded(found.standard_errors("plain")) == [0.0432, 0.0549, 0.0518, 0.0569]
    assert rounded(found.standard_errors("robust")) == [0.0582, 0.0826, 0.0682, 0.104]
    assert rounded([found.robust[0, 1], found.plain[2, 0]]) == [0.0039, 0.000485]


def test_swissmetro_with_a_nest_is_as_biogeme_prints_it(shared, tmp_path):
    """Biogeme 3.2.7, example 09nested; the log-likelihood there is the published -5236.900 (Bierlaire et al. 2001)."""
    rest = "nests: {existing: {scale: mu, of: [train, car]}}\n"
    found = swissmetro(shared, tmp_path, "nested", ", mu: ", rest=rest)
    assert round(found.log_likelihood, 3) == -5236.9
    assert rounded(found.values) == [-0.167, -0.512, -0.857, -0.899, 2.05]
    assert rounded(found.standard_errors("plain")) == [0.0371, 0.0452, 0.0463, 0.057, 0.118]
    assert rounded(found.standard_errors("robust")) == [0.0545, 0.0791, 0.06, 0.107, 0.164]
    plain = swissmetro(shared, tmp_path)
    assert ratio_test(plain, found).statistic == pytest.approx(2 * (5331.252 - 5236.900), abs=0.002)


def test_swissmetro_with_a_normal_coefficient_is_near_what_biogeme_prints(shared, tmp_path):
    """Biogeme 3.2.7, example 05normalMixture, simulated there on 100,000 draws; here on 500."""
    rest = "random: {b_time: normal}\ndraws: {count: 500}\n"
    found = swissmetro(shared, tmp_path, "mixed", rest=rest)
    errors = found.standard_errors("plain")
    published = [0.137, -0.402, -1.29, -2.26, 1.66]
    assert np.abs(found.values - published).max() < 0.006
    assert rounded(errors, 2) == rounded([0.0516, 0.0634, 0.063, 0.119, 0.138], 2)
    assert found.log_likelihood == pytest.approx(-5215.13, abs=0.7)


def test_mode_canada_is_as_the_vignette_of_mlogit_prints_it(shared, tmp_path):
    """R package mlogit, vignette c3.rum: car, train and air of the travellers who had all four modes."""
    found = fitted(CANADA, shared / "data" / "ModeCanada.csv.gz", tmp_path)
    assert round(found.log_likelihood, 3) == -1951.344
    assert np.round(found.values, 8).tolist() == pytest.approx(
        # Its search stopped at a gradient of 7e-6 in the metric of the Hessian, which shows in one eighth decimal.
        [-0.97034440, -1.89856552, -0.02849715, 0.07402902, -0.00646892, 0.02824632, -0.01402405, -0.01096877,
         -0.01755120], abs=6e-8,
    )  # fmt: skip
    assert found.standard_errors("plain").tolist() == pytest.approx(
        [0.26513065, 0.68414300, 0.00655909, 0.00473270, 0.00310366, 0.00365435, 0.00138047, 0.00081834, 0.00399181],
        abs=2e-6,
    )


def test_the_decisions_of_plants_are_as_stated(shared):
    """2001-2023, the sample and the figures of the facts' own file; the block is the one that the engine calls."""
    pack = load_pack("hcmc")
    declared = load_declared(pack.root / "fits" / "factories.yaml")
    observed = observe(declared, shared / "data" / "iac_recommendations.parquet", pack)
    found = fit_choices(observed.choices, declared.coefficients)
    assert (found.observations, found.units) == (50135, 7843)
    assert np.round(found.values, 3).tolist() == [-0.303, 0.186]
    assert round(float(found.standard_errors("clustered")[1]), 3) == 0.010
    # The facts' file has 0.009, of which the pack's own fit has 0.00847.
    assert float(found.standard_errors("clustered")[0]) == pytest.approx(0.00847, abs=5e-6)
    assert sum(observed.left_out.values()) + found.observations == observed.rows == 164_154
    ratio = worth(found, "log_cost", "log_saving")
    assert (round(-ratio.value, 2), round(ratio.error, 2)) == (1.63, 0.07)
    assert round(found.pseudo_r2, 3) == 0.039


def test_the_descriptions_of_the_page_are_read_and_fit(root, shared, tmp_path):
    page = (root / "docs" / "howto" / "fit.md").read_text(encoding="utf-8")
    choices, figures = (part.split("```", 1)[0] for part in page.split("```yaml\n")[1:])
    found = fitted(choices, shared / "data" / "swissmetro.csv.gz", tmp_path)
    assert round(found.log_likelihood, 3) == -5331.252
    (tmp_path / "figures.yaml").write_text(figures, encoding="utf-8")
    pack = load_pack("hcmc")
    written = load_figures(tmp_path / "figures.yaml", pack.book)
    kept = load_figures(pack.root / "fits" / "factories-rates.yaml", pack.book)
    assert [one.taken for one in written.figures.values()] == [one.taken for one in kept.figures.values()]
    assert written.priors == kept.priors
