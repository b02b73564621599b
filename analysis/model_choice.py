"""The choice of model: what the law rules out first, then the workgroups' scores under every weighting.

No weighting is chosen. The weights of the criteria are thought of as a point in the simplex (none negative, sum 1):
how large a part of it puts a model first, whether any point does, and whether another model is at least as good
whatever the weights. Without scores nothing is ranked: there are no default scores.

Sources: on the uniform distribution of weights, R. Lahdelma, J. Hokkanen and P. Salminen, «SMAA – stochastic
multiobjective acceptability analysis» (1998); on the value of a matrix game, L. S. Shapley and R. N. Snow, «Basic
solutions of discrete games» (1950).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from analysis import baseline, data
from analysis.model import Status, Value, computed
from analysis.places import SUM, administrative_areas, municipalities

#: The administrative areas assessed as one.
ADMINISTRATIVE = "administrative"

#: The list of the mandate that the models are scored on.
CRITERIA = "modellkriterier"

#: The two forms that the statute sets limits to.
OWN_BODY, WITHOUT_BOARD = "oppgavefellesskap", "vertskommune-administrativt"

#: Weightings drawn: a share is then within a third of a percentage point of the true one, 19 times of 20.
DRAWS = 100_000
SEED = 20260630

#: What counts as nothing in the value of a game between whole-numbered scores.
_NOTHING = 1e-9

SOURCE = "Arbeidsgruppenes poeng (data/modell/vurdering.csv)"


@dataclass(frozen=True, slots=True)
class TaskGroup:
    """Tasks that belong together, and whether they hold individual decisions and decisions of politicians.

    ``decisions`` and ``political`` are «ja», «nei», «delvis» or «ikke avklart»; ``council_alone`` is the act that leaves
    the final decision to each council itself, or empty.
    """

    slug: str
    area: str
    name: str
    decisions: str
    political: str
    council_alone: str
    reason: str
    source: str


@dataclass(frozen=True, slots=True)
class KnockOut:
    """A limit that the law sets to a model for some tasks.

    ``model`` is an id in ``data/lov/samarbeidsformer.csv``. ``whole`` says that none of the group's decisions can be
    taken in the model; otherwise some can. ``certain`` is False where nobody has settled whether the tasks hold such
    decisions.
    """

    model: str
    reason: str
    paragraph: str
    whole: bool = True
    certain: bool = True


@dataclass(frozen=True, slots=True)
class Assessment:
    """One model against one criterion: the reason, and the score (1–5) once the workgroup has set it."""

    model: str
    criterion: str
    text: str
    points: int | None
    reason: str
    decided: bool
    source: str


@dataclass(frozen=True, slots=True)
class Scores:
    """A complete set of scores: ``points[i][j]`` is what model i has on criterion j, 1 (worst) to 5 (best).

    Raises:
        ValueError: if a row is not as long as the criteria, or a score is outside its scale.
    """

    models: tuple[str, ...]
    criteria: tuple[str, ...]
    points: tuple[tuple[int, ...], ...]

    def __post_init__(self) -> None:
        if len(self.points) != len(self.models) or any(len(row) != len(self.criteria) for row in self.points):
            raise ValueError("one row of scores for each model and one score for each criterion")
        if any(not 1 <= score <= 5 for row in self.points for score in row):
            raise ValueError("a score is outside 1–5")


@dataclass(frozen=True, slots=True)
class Standing:
    """How a model stands. Everything after ``model`` is None or empty where not every score is delivered.

    ``share`` is the part of all weightings (0–1) that put it first, alone or together with models that have the very
    same scores; ``possible`` whether any weighting puts it first; ``dominated_by`` the models that are at least as
    good on every criterion and better on one; ``tied_with`` those with the same scores.
    """

    model: str
    share: float | None = None
    possible: bool | None = None
    dominated_by: tuple[str, ...] = ()
    tied_with: tuple[str, ...] = ()

    @property
    def assessed(self) -> bool:
        """Whether there are scores to rank by."""
        return self.share is not None


def task_groups() -> list[TaskGroup]:
    """Every group of tasks, in the order of ``data/modell/oppgavegrupper.csv``."""
    return [
        TaskGroup(
            r.oppgavegruppe,
            r.omrade,
            r.navn,
            r.enkeltvedtak,
            r.politisk_vedtak,
            r.kommunestyret_selv,
            r.begrunnelse,
            r.kilde,
        )
        for r in data.load("oppgavegrupper").itertuples()
    ]


def task_group(slug: str) -> TaskGroup:
    """The group of tasks with this slug.

    Raises:
        KeyError: if there is none.
    """
    for found in task_groups():
        if found.slug == slug:
            return found
    raise KeyError(f"Oppgavegruppen «{slug}» finnes ikke i data/modell/oppgavegrupper.csv.")


def models() -> dict[str, str]:
    """The models that the case shortlists, in the order of its figure: id → name."""
    rows = data.load("samarbeidsformer").sort_values("rekkefolge", kind="stable")
    rows = rows[rows["aktuell"] == "ja"]
    return dict(zip(rows["id"], rows["navn"], strict=True))


def criteria() -> dict[str, str]:
    """The criteria for a model, in the order of the case: id → text."""
    rows = data.load("krav")
    rows = rows[rows["liste"] == CRITERIA].sort_values("nr")
    return dict(zip(rows["id"], rows["tekst"], strict=True))


def knock_outs(group: TaskGroup) -> list[KnockOut]:
    """What the law rules out for these tasks, model by model; empty where it rules out nothing."""
    found = []
    if group.council_alone:
        reason = "Hvert kommunestyre treffer som hovedregel selv det endelige vedtaket, uansett modell."
        found += [KnockOut(model, reason, group.council_alone, whole=False) for model in models()]
    if group.decisions != "nei":
        found.append(
            KnockOut(
                OWN_BODY,
                "Et oppgavefellesskap kan ikke treffe enkeltvedtak, bortsett fra om interne forhold og for å forvalte "
                "tilskuddsordninger.",
                "kommuneloven § 19-1",
                whole=group.decisions != "delvis",
                certain=group.decisions != "ikke avklart",
            )
        )
    if group.political != "nei":
        found.append(
            KnockOut(
                WITHOUT_BOARD,
                "Et administrativt vertskommunesamarbeid kan bare treffe vedtak i saker som ikke har prinsipiell betydning.",
                "kommuneloven § 20-2",
                whole=False,
                certain=group.political != "ikke avklart",
            )
        )
    return found


def remaining(group: TaskGroup) -> list[str]:
    """The shortlisted models that can take the group's decisions, as far as anybody knows."""
    out = {found.model for found in knock_outs(group) if found.whole and found.certain}
    return [model for model in models() if model not in out]


def assessments(group: str, table: pd.DataFrame | None = None) -> list[Assessment]:
    """Every model against every criterion for a group of tasks; an administrative area without rows of its own has
    those of the administrative areas together.

    Args:
        group: a task group's slug, or :data:`ADMINISTRATIVE`.
        table: the assessments; those delivered, when not given.
    """
    rows = data.load("vurdering") if table is None else table
    own = rows[rows["oppgavegruppe"] == group]
    if own.empty and group in {area.slug for area in administrative_areas()}:
        own = rows[rows["oppgavegruppe"] == ADMINISTRATIVE]
    texts = criteria()
    found = [
        Assessment(
            r.modell,
            r.kriterium,
            texts[r.kriterium],
            None if pd.isna(r.poeng) else int(r.poeng),
            r.begrunnelse,
            r.behandling == "vedtatt",
            r.kilde,
        )
        for r in own.itertuples()
    ]
    order = list(models())
    return sorted(found, key=lambda one: (order.index(one.model), list(texts).index(one.criterion)))


def scores(found: Sequence[Assessment]) -> Scores | None:
    """The scores as a matrix, or None as long as one is not delivered: half a matrix ranks nothing."""
    by_place = {(one.model, one.criterion): one.points for one in found}
    names = tuple(dict.fromkeys(one.model for one in found))
    columns = tuple(dict.fromkeys(one.criterion for one in found))
    points = [[by_place.get((model, criterion)) for criterion in columns] for model in names]
    if not points or any(score is None for row in points for score in row):
        return None
    return Scores(names, columns, tuple(tuple(row) for row in points))  # type: ignore[arg-type]


def standings(group: str, table: pd.DataFrame | None = None) -> list[Standing]:
    """How each model stands for a group of tasks; the models that the law leaves, and «not assessed» without scores."""
    groups = {one.slug: one for one in task_groups()}
    left = remaining(groups[group]) if group in groups else list(models())
    found = [one for one in assessments(group, table) if one.model in left]
    matrix = scores(found)
    return ranked(matrix) if matrix else [Standing(model) for model in left]


def ranked(matrix: Scores, draws: int = DRAWS, seed: int = SEED) -> list[Standing]:
    """How each model stands under all weightings, in the order of the models."""
    part = shares(matrix, draws, seed)
    beaten = dominated(matrix)
    rows = dict(zip(matrix.models, matrix.points, strict=True))
    return [
        Standing(
            model,
            part[model],
            can_be_first(matrix, model),
            beaten[model],
            tuple(other for other in matrix.models if other != model and rows[other] == rows[model]),
        )
        for model in matrix.models
    ]


def dominated(matrix: Scores) -> dict[str, tuple[str, ...]]:
    """Model → the models at least as good on every criterion and better on one."""
    rows = dict(zip(matrix.models, matrix.points, strict=True))
    return {
        model: tuple(
            other
            for other in matrix.models
            if rows[other] != rows[model] and all(o >= m for o, m in zip(rows[other], rows[model], strict=True))
        )
        for model in matrix.models
    }


def shares(matrix: Scores, draws: int = DRAWS, seed: int = SEED) -> dict[str, float]:
    """Model → the part of the weight simplex (0–1) where no model with other scores does as well.

    Models with the same scores have the same share. The weights are drawn evenly over the simplex with a fixed seed.
    The criteria are put in an order of their own first, so that the order they are listed in changes nothing.
    """
    columns = np.array(sorted(zip(*matrix.points, strict=True)), dtype=float)
    weights = np.random.default_rng(seed).dirichlet(np.ones(len(matrix.criteria)), draws)
    found = {}
    for position, model in enumerate(matrix.models):
        first = np.ones(draws, dtype=bool)
        for rival in _rivals(matrix, model):
            # Of the differences, not of the sums: where none is positive, rounding cannot make the model win.
            first &= weights @ (columns[:, position] - columns[:, rival]) > 0
        found[model] = float(first.mean())
    return found


def can_be_first(matrix: Scores, model: str) -> bool:
    """Whether there is a weighting under which no model with other scores does as well.

    The largest lead that weights can give over the strongest rival is the value of the matrix game in which one side
    picks criteria and the other rivals.
    """
    mine = matrix.points[matrix.models.index(model)]
    rivals = [matrix.points[position] for position in _rivals(matrix, model)]
    leads = [[own - other[j] for other in rivals] for j, own in enumerate(mine)]
    return not rivals or bool(game_value(leads) > _NOTHING)


def game_value(gains: Sequence[Sequence[float]]) -> float:
    """The value of the matrix game to the one who picks rows.

    By Shapley and Snow: with all gains positive, some square part of the matrix gives weights that are best. Small
    games only: every square part is tried.
    """
    whole = np.array(gains, dtype=float)
    lift = 1 - whole.min()
    matrix = whole + lift
    rows, columns = matrix.shape
    best = 0.0
    for size in range(1, min(rows, columns) + 1):
        for chosen in combinations(range(rows), size):
            for against in combinations(range(columns), size):
                part = matrix[np.ix_(chosen, against)]
                if abs(np.linalg.det(part)) < _NOTHING:
                    continue
                weights = np.linalg.solve(part.T, np.ones(size))
                if weights.min() >= -_NOTHING and weights.sum() > _NOTHING:
                    best = max(best, float((weights / weights.sum() @ matrix[list(chosen)]).min()))
    return best - lift


def _rivals(matrix: Scores, model: str) -> list[int]:
    """The positions of the models with other scores than this one."""
    mine = matrix.points[matrix.models.index(model)]
    return [position for position, row in enumerate(matrix.points) if row != mine]


def values() -> list[Value]:
    """What the choice of model publishes.

    ``felles.modell-forst.<model>``: percent of all weightings that put the model first for the administrative areas,
    missing until every score is delivered. ``<area>.arsverk-fra-andre.<municipality>``: årsverk of the other two that
    the area holds today, which would be carried out by this municipality if it were host.
    """
    return [*_first(), *_from_others({value.id: value for value in baseline.values()})]


def _first() -> list[Value]:
    return [
        Value(
            f"felles.modell-forst.{standing.model}",
            "felles",
            None,
            f"Andel av alle vektinger der modellen er først, {models()[standing.model].lower()}",
            None if standing.share is None else 100 * standing.share,
            "prosent",
            Status.BEREGNET if standing.assessed else Status.MANGLER,
            f"Beregnet av {SOURCE[0].lower()}{SOURCE[1:]}"
            if standing.assessed
            else f"Ikke alle poeng er levert (hører hjemme i {SOURCE[0].lower()}{SOURCE[1:]})",
        )
        for standing in standings(ADMINISTRATIVE)
    ]


def _from_others(today: Mapping[str, Value]) -> list[Value]:
    found = []
    for area in administrative_areas():
        whole = today[f"{area.slug}.arsverk.{SUM}"]
        for place in municipalities():
            own = today[f"{area.slug}.arsverk.{place.slug}"]
            number = None if whole.number is None or own.number is None else round(whole.number - own.number, 2)
            found.append(
                Value(
                    f"{area.slug}.arsverk-fra-andre.{place.slug}",
                    area.slug,
                    place.name,
                    f"Årsverk i de andre kommunene, {area.name.lower()}, med {place.name} som vert",
                    number,
                    "årsverk",
                    computed(number, [whole, own]),
                    f"Beregnet av «{whole.name}» og «{own.name}»",
                )
            )
    return found
