"""What can be measured, in the order in which it is measured."""

from __future__ import annotations

from benchmarks.figure import Case

CASES = (
    Case("kernel", "One logit, two scenarios, beside the same work by others", "benchmarks.kernel"),
    Case("guards", "What keeps the kernel fast: fusions, compilations, a calibrated time", "benchmarks.guards"),
    Case("engine", "A whole run: choices, rationing, transitions, outcomes", "benchmarks.engine"),
    Case("programmes", "Every programme of the pack through the same engine", "benchmarks.programmes"),
    Case("check", "Commands that must answer at once", "benchmarks.check"),
    Case("main-job", "The main job: 50,000 factories, 5 years, 200 draws", "benchmarks.main_job"),
    Case("stream", "Ten million units from a file, in bounded memory", "benchmarks.stream"),
    Case("cluster", "A hundred million units over the workers of a Ray cluster", "benchmarks.cluster"),
    Case("assess", "100,000 assessments scored and compared with peers", "benchmarks.assess"),
    Case("allocate", "Offers for up to a million units under budgets, with a certificate", "benchmarks.allocate"),
    Case(
        "allocate-rivals", "Other solvers with the towns of an allocation, seed by seed", "benchmarks.allocate_beside"
    ),
    Case("allocate-limit", "Allocations whose time is cut short", "benchmarks.allocate_limit"),
    Case("track", "10,000 promises, 100,000 claims and 5,000 series, tracked and reported", "benchmarks.track"),
    Case("site-first", "From nothing to the site's first page", "benchmarks.site_first"),
    Case(
        "site", "The site's public pages at a hundred requests a second, nobody or somebody writing", "benchmarks.site"
    ),
    Case("laboratory", "A design tried on the laboratory's sample, programme by programme", "benchmarks.laboratory"),
    Case("site-mixed", "Fifty people at work on a large city's site on PostgreSQL", "benchmarks.site_mixed"),
    Case("fit", "Choices estimated, beside Biogeme and xlogit on the same data", "benchmarks.fit"),
    Case("reading", "Drafts of claims from whole articles, held against facts that people found", "benchmarks.reading"),
    Case("roadmap", "A roadmap of twelve steps over five years, proven best", "benchmarks.roadmap"),
    Case("odds", "The odds of five thousand targets with their fans", "benchmarks.odds"),
    Case("power", "Why a simulated pilot finds less than its closed form says, cause by cause", "benchmarks.power"),
    Case("coverage", "Whether 95 % intervals of each design of an evaluation hold the truth", "benchmarks.coverage"),
)
