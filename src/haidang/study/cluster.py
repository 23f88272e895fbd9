"""The same run on a Ray cluster: groups of draws as tasks, or, for units that are streamed, blocks of units as parts.

Ray moves the work and starts again what a dead worker leaves; what is computed, and in which order sums are taken, is
the engine's alone, so the bytes are those of one machine. The leading process holds sums and finished tables, never
units: the workers read the population themselves.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from haidang.engine import Elsewhere, ParquetSource, Part, Setting, Tables, simulate_draw, tables_of
from haidang.errors import HaidangError
from haidang.packs import Pack, load_pack
from haidang.study.prepared import Prepared, prepare
from haidang.study.question import Question, StudyError

LOCAL = "local"
SCHEME = "ray://"
_RETRIES = 5
"""How often the work of a worker that died is begun again: what kills every worker, such as too little memory, ends."""
_TRIES = 3
"""How often to connect to a cluster that answers and breaks off."""
_PREPARED: dict[str, Prepared] = {}
"""What this worker made ready, so that its next task need not."""
Group = tuple[range, Tables]


def refuse_unknown(cluster: str) -> None:
    """See that a cluster's address can be one.

    Raises:
        StudyError: it is neither `local` nor an address such as `ray://head:10001`.
    """
    if cluster == LOCAL:
        return
    host, _, port = cluster.removeprefix(SCHEME).rpartition(":")
    if not cluster.startswith(SCHEME) or not host or not port.isdigit():
        raise StudyError(f"expected --cluster local or ray://HOST:PORT, found '{cluster}'")


@contextmanager
def connected(cluster: str) -> Generator[Any]:
    """Ray, connected to a cluster.

    Raises:
        StudyError: Ray is not installed, or there is no cluster at the address.
    """
    refuse_unknown(cluster)
    try:
        import ray
    except ModuleNotFoundError as error:
        raise StudyError("expected Ray, found none", hint="install it with haidang[cluster]") from error
    library: Any = ray
    try:
        _connect(library, cluster)
    except (ConnectionError, RuntimeError, TimeoutError) as error:
        raise StudyError(f"expected a Ray cluster at {cluster}, found none: {_first_line(error)}") from error
    try:
        yield library
    finally:
        library.shutdown()


def _connect(library: Any, cluster: str) -> None:
    """Connect, once more where the cluster answered and broke off.

    The head begins a server for each who connects, and breaks off where it looks at that server in the moment in which
    the process that began it ends; nothing is wrong with the cluster then.
    """
    for left in reversed(range(_TRIES)):
        try:
            library.init(cluster, log_to_driver=False, logging_level="ERROR")
            return
        except ConnectionAbortedError:
            library.shutdown()
            if not left:
                raise
            time.sleep(1.0)


def work_on(ray: Any, pack: Pack, question: Question, prepared: Prepared) -> Elsewhere:
    """What simulates groups of draws on a cluster.

    Args:
        ray: the library, connected.
        pack: the pack; the workers read it at the same place.
        question: what is simulated.
        prepared: the same made ready in this process.

    Raises:
        StudyError: a budget keeps a waiting list, which needs the whole population in one place.
    """
    job = _job(pack, question)
    if prepared.setting.source.resident:
        return lambda groups: _draws_as_tasks(ray, job, groups, _processors(ray))
    _refuse_waiting_lists(prepared.setting)
    return lambda groups: _blocks_as_parts(ray, job, prepared, groups, _processors(ray))


def _job(pack: Pack, question: Question) -> dict[str, Any]:
    paths = {"units": question.units, "plan": question.plan}
    told: dict[str, Any] = {name: None if path is None else str(path.resolve()) for name, path in paths.items()}
    told |= {"designs": [str(path.resolve()) for path in question.designs]}
    root = pack.root.resolve()
    return {"pack": str(root), "question": asdict(question) | told | {"workers": 1}}


def _processors(ray: Any) -> int:
    return max(1, int(ray.cluster_resources().get("CPU", 1)))


def _refuse_waiting_lists(setting: Setting) -> None:
    for scenario in setting.scenarios:
        for slot in scenario.slots:
            if slot.budget.waitlist:
                problem = "expected a budget without a waiting list where units are streamed over a cluster, found one"
                raise StudyError(problem, slot.budget.place)


def _draws_as_tasks(ray: Any, job: dict[str, Any], groups: Iterable[range], at_once: int) -> Iterator[Group]:
    """Each group of draws is a task. A task whose worker dies is run again by Ray; the others do not notice."""
    task = ray.remote(num_cpus=1, max_retries=_RETRIES)(_simulate_group)
    waiting = iter(groups)
    running: dict[Any, range] = {}

    def start(group: range) -> None:
        running[task.remote(job, group.start, group.stop)] = group

    for _, group in zip(range(at_once), waiting, strict=False):
        start(group)
    while running:
        ended, _ = ray.wait(list(running), num_returns=1)
        for one in ended:
            group = running.pop(one)
            following = next(waiting, None)
            if following is not None:
                start(following)
            yield group, _fetched(ray, one)


def _fetched(ray: Any, reference: Any) -> Any:
    """A task's answer; a user's mistake comes back as itself."""
    try:
        return ray.get(reference)
    except ray.exceptions.RayTaskError as error:
        if isinstance(error.cause, HaidangError):
            raise error.cause from None
        raise
    except ray.exceptions.WorkerCrashedError as error:
        raise _given_up(error) from error


def _given_up(error: BaseException) -> StudyError:
    return StudyError(
        f"expected workers that live, found that work was begun {_RETRIES} times and its worker died each time: "
        f"{_first_line(error)}",
        hint="give the workers more memory, or run with a smaller --memory",
    )


def _made_ready(job: dict[str, Any]) -> Prepared:
    """The job's population and compiled scenarios, made once in each worker."""
    key = repr(sorted(job["question"].items())) + job["pack"]
    if key not in _PREPARED:
        _PREPARED.clear()
        plain: dict[str, Any] = dict(job["question"])
        plain |= {name: None if plain[name] is None else Path(plain[name]) for name in ("units", "plan")}
        plain["variants"] = tuple(plain["variants"])
        plain["designs"] = tuple(Path(one) for one in plain["designs"])
        _PREPARED[key] = prepare(load_pack(job["pack"]), Question(**plain))
    return _PREPARED[key]


def _simulate_group(job: dict[str, Any], start: int, stop: int) -> Tables:
    """A group of draws, in a worker."""
    import jax

    prepared = _made_ready(job)
    setting, facts = prepared.setting, prepared.facts
    group = range(start, stop)
    with jax.enable_x64(True):
        return tables_of(
            setting, group, [simulate_draw(setting, draw, facts.of(draw, setting.years)) for draw in group]
        )


class _PartAtWork:
    """A part of the population in a worker."""

    def __init__(self, job: dict[str, Any], draw: int, blocks: Sequence[int], number: int) -> None:
        prepared = _made_ready(job)
        facts = prepared.facts.of(draw, prepared.setting.years)
        self._part = Part(prepared.setting, [draw], [facts], blocks, number)

    def call(self, method: str, *given: Any) -> Any:
        """Call a method of the part."""
        return self._part.call(method, *given)

    def close(self) -> None:
        """Throw away what lies in files: the process ends without a farewell."""
        self._part.close()
        source = self._part.setting.source
        if isinstance(source, ParquetSource):
            source.close()


@dataclass(slots=True)
class RayCrew:
    """The parts of a population on a cluster, in one draw.

    What was said to the parts is written down. A part whose worker died is laid out anew somewhere else and told the
    same again, which brings it to where it was: it answers as it did.

    Args:
        ray: the library, connected.
        job: what a worker needs to make itself ready.
        draw: the draw.
        blocks: the blocks of each part.
    """

    ray: Any
    job: dict[str, Any]
    draw: int
    blocks: tuple[range, ...]
    alone: bool = False
    _said: list[tuple[str, tuple[Any, ...]]] = field(default_factory=list[tuple[str, tuple[Any, ...]]])
    _parts: list[Any] = field(default_factory=list[Any])

    def __post_init__(self) -> None:
        """Lay out the parts."""
        self._parts = [self._lay_out(number) for number in range(len(self.blocks))]

    def _lay_out(self, number: int) -> Any:
        actor = self.ray.remote(num_cpus=1, max_restarts=0)(_PartAtWork)
        return actor.remote(self.job, self.draw, self.blocks[number], number)

    def __call__(self, method: str, *given: Any) -> list[Any]:
        """Call a method of every part; what each answers, in the order of the parts."""
        shared = [self.ray.put(one) for one in given]
        asked = [part.call.remote(method, *shared) for part in self._parts]
        answers = [self._answer(number, reference, method, given) for number, reference in enumerate(asked)]
        self._said.append((method, given))
        return answers

    def _answer(self, number: int, reference: Any, method: str, given: tuple[Any, ...]) -> Any:
        for deaths in range(1, _RETRIES + 2):
            try:
                return _fetched(self.ray, reference)
            except self.ray.exceptions.RayActorError as error:
                if deaths > _RETRIES:
                    raise _given_up(error) from error
                self._parts[number] = self._lay_out(number)
                for said, what in self._said:
                    self._parts[number].call.remote(said, *what)
                reference = self._parts[number].call.remote(method, *given)
        raise RuntimeError("a part was asked for nothing")

    def dismiss(self) -> None:
        """Let the workers go, and what they keep in files."""
        for part in self._parts:
            with suppress(self.ray.exceptions.RayError):
                self.ray.get(part.close.remote())
            self.ray.kill(part)


def _blocks_as_parts(
    ray: Any, job: dict[str, Any], prepared: Prepared, groups: Iterable[range], at_once: int
) -> Iterator[Group]:
    """The draws one after the other, each over all workers, with the blocks of the population shared among them."""
    import jax

    setting, facts = prepared.setting, prepared.facts
    shares = shares_of(setting.source.count, at_once)
    for group in groups:
        results: list[Any] = []
        for draw in group:
            crew = RayCrew(ray, job, draw, shares)
            try:
                with jax.enable_x64(True):
                    results.append(simulate_draw(setting, draw, facts.of(draw, setting.years), crew))
            finally:
                crew.dismiss()
        yield group, tables_of(setting, group, results)


def shares_of(blocks: int, parts: int) -> tuple[range, ...]:
    """Blocks in order, in as many parts as can have one, as equal as can be."""
    parts = max(1, min(parts, blocks))
    bounds = [blocks * k // parts for k in range(parts + 1)]
    return tuple(range(bounds[k], bounds[k + 1]) for k in range(parts))


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]
