"""The choice of model: what the law rules out, the draft reasons, the overview before the choice, and who may host."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from analysis import baseline, data, formatting, mandate, model_choice
from analysis.hosting import Grouping, most_even, placements
from analysis.keyfigures import by_id
from analysis.model import Status, Value, aligned
from analysis.places import SUM, administrative_areas, area, municipalities
from analysis.results import Listing, Note, Table
from analysis.views.absent import left_out

GROUPS = "Egen gjennomgang av oppgavene mot loven og saken (data/modell/oppgavegrupper.csv)"
DRAFTS = "Kommuneloven, lovteksten per 2. mai 2026, og saksframlegget (data/modell/vurdering.csv)"
OVERVIEW = "Saksframlegget, loven og listen over det som mangler (data/modell/oversikt.csv)"
STAFF = "saksframlegget, bemanningstabellene (data/raw/sak/bemanning.csv)"

_LIMITS_NOTE = (
    "Grensene gjelder retten til å treffe vedtak. Alle modellene kan brukes til å forberede saker. «Ingen grense» betyr at "
    "kommuneloven ikke setter noen; annet lovverk er ikke gjennomgått."
)

#: More ways of placing the host roles than these are not shown one by one: four municipalities and three areas have 24.
MOST_WAYS = 24

_ANSWERS = {"ja": "Ja", "nei": "Nei", "delvis": "Delvis", "ikke avklart": "Ikke avklart"}


def tasks(*slugs: str) -> Table:
    """Each group of tasks (those named, or all): individual decisions or not, decisions of politicians or not, and why."""
    groups = _groups(slugs)
    return Table(
        name="oppgavegrupper",
        title="Hvilke oppgaver som omfatter enkeltvedtak og politiske vedtak",
        columns=["Oppgaver", "Enkeltvedtak", "Politisk vedtak", "Grunnlag"],
        rows=[[g.name, _ANSWERS[g.decisions], _ANSWERS[g.political], g.reason] for g in groups],
        source=f"{GROUPS}.",
        note="«Ikke avklart» betyr at arbeidsgruppen må svare før modellen kan velges.",
    )


def knock_outs(*slugs: str) -> Table:
    """For each group of tasks (those named, or all): what the law lets each model decide, with the paragraph."""
    names, groups = model_choice.models(), _groups(slugs)
    found = [(group, model_choice.knock_outs(group)) for group in groups]
    reasons = dict.fromkeys(f"{_capital(one.paragraph)}: {one.reason}" for _, limits in found for one in limits)
    return Table(
        name="lovens-grenser",
        title="Hva loven lar modellene avgjøre",
        columns=["Oppgaver", *names.values()],
        rows=[[group.name, *(_limits([one for one in limits if one.model == model]) for model in names)] for group, limits in found],
        source=f"{GROUPS}; kommuneloven, lovteksten per 2. mai 2026.",
        note=" ".join([*reasons, _LIMITS_NOTE]),
    )  # fmt: skip


def _limits(found: list[model_choice.KnockOut]) -> str:
    """What the law lets one model decide, in words."""
    if not found:
        return "Ingen grense"
    by_reach: dict[str, list[str]] = {}
    for one in found:
        by_reach.setdefault(_reach(one), []).append(one.paragraph.removeprefix("kommuneloven "))
    return ". ".join(f"{reach} ({'; '.join(paragraphs)})" for reach, paragraphs in by_reach.items())


def _reach(one: model_choice.KnockOut) -> str:
    if not one.certain:
        return "Ikke avklart"
    return "Kan ikke treffe vedtakene" if one.whole else "Kan bare treffe noen av vedtakene"


def criteria() -> Listing:
    """The criteria that the models are to be scored on."""
    return Listing([("", text) for text in model_choice.criteria().values()], ordered=True)


def assessment(group: str = model_choice.ADMINISTRATIVE, model: str | None = None) -> Table:
    """Criterion by criterion, what the law and the case say of the models side by side, or of one model alone.

    Raises:
        KeyError: if the group has no assessments, or none of this model.
    """
    found = model_choice.assessments(group)
    names = {one.model: model_choice.models()[one.model] for one in found if model in (None, one.model)}
    if not names:
        raise KeyError(f"Ingen vurderinger for «{group}» i data/modell/vurdering.csv.")
    by_place = {(one.model, one.criterion): one for one in found}
    return Table(
        name=f"vurdering-{model}" if model else "vurdering",
        title=f"Vurdering: {_lower(names[model])}" if model else "Vurdering av modellene mot kriteriene",
        columns=["Kriterium", *(["Begrunnelse"] if model else names.values())],
        rows=[[text, *(_reason(by_place.get((name, key))) for name in names)] for key, text in model_choice.criteria().items()],
        source=f"{DRAFTS}.",
        note=_drafts([one for one in found if one.model in names]),
    )  # fmt: skip


def _reason(one: model_choice.Assessment | None) -> str:
    if one is None:
        return "Ikke vurdert."
    return one.reason if one.points is None else f"{one.points} poeng. {one.reason}"


def _drafts(found: list[model_choice.Assessment]) -> str:
    """How far the workgroups have treated the reasons and the scores."""
    decided = sum(one.decided for one in found)
    scored = sum(one.points is not None for one in found)
    reasons = "Begrunnelsene er utkast og ikke behandlet av arbeidsgruppene." if not decided else (
        "Begrunnelsene er vedtatt av arbeidsgruppene." if decided == len(found)
        else f"{decided} av {len(found)} begrunnelser er vedtatt av arbeidsgruppene. Resten er utkast."
    )  # fmt: skip
    return f"{reasons} {'Ingen poeng er satt.' if not scored else f'{scored} av {len(found)} poeng er satt.'}"


def scores_status(group: str = model_choice.ADMINISTRATIVE) -> Table:
    """Model by model: how many scores are delivered, and the part of all weightings that put it first, once all are."""
    found = model_choice.assessments(group)
    names = model_choice.models()
    rows = []
    for standing in model_choice.standings(group):
        mine = [one for one in found if one.model == standing.model]
        delivered = sum(one.points is not None for one in mine)
        rows.append(
            [names[standing.model], f"{delivered} av {len(model_choice.criteria())}", *standing_words(standing, names)]
        )
    return Table(
        name="poengstatus",
        title="Poeng fra arbeidsgruppene",
        columns=["Modell", "Poeng levert", "Først i andel av alle vektinger", "Merknad"],
        rows=rows,
        source=f"{model_choice.SOURCE}.",
        note=_weights_note(model_choice.standings(group)),
    )  # fmt: skip


def standing_words(standing: model_choice.Standing, names: dict[str, str]) -> tuple[str, str]:
    """What a table says of a model's standing: its share of the weightings, and what lies behind it."""
    if standing.share is None:
        return "ikke vurdert", "Modellen kan ikke vurderes før alle poengene er levert."
    share = formatting.quantity(100 * standing.share, "prosent")
    if standing.dominated_by:
        better = formatting.listing([_lower(names[one]) for one in standing.dominated_by])
        alike = "god" if len(standing.dominated_by) == 1 else "gode"
        return share, f"Kan ikke bli først: {better} er minst like {alike} på alle kriteriene."
    if standing.tied_with:
        return (
            share,
            f"Har de samme poengene som {formatting.listing([_lower(names[one]) for one in standing.tied_with])}.",
        )
    if not standing.possible:
        return share, "Kan ikke bli først alene, uansett hvordan kriteriene vektes."
    return share, "Kan bli først, avhengig av hvordan kriteriene vektes."


def _weights_note(found: list[model_choice.Standing]) -> str:
    if not all(one.assessed for one in found):
        return "Rapporten rangerer ikke modellene før arbeidsgruppene har satt alle poengene. Ingen standardpoeng er brukt."
    return (
        f"Ingen vekting er valgt. Andelen viser hvor mange av {formatting.number(model_choice.DRAWS)} tilfeldig trukne "
        "vektinger som setter modellen først. Modeller med like poeng deler plassen, og summen kan da bli over 100 prosent."
    )


def overview(slug: str) -> Table:
    """The ten points that must be answered before a model is chosen, for one area."""
    rows = data.load("oversikt")
    rows = rows[rows["omrade"] == slug].sort_values("punkt")
    answered = [row.dekning for row in rows.itertuples()]
    return Table(
        name="oversikt",
        title=f"Oversikt før modellvalg, {area(slug).name.lower()}",
        columns=["Punkt i saken", "Svar så langt", "Hvor langt svaret rekker"],
        rows=[
            [text, row.svar, _capital(row.dekning)]
            for text, row in zip(mandate.requirements("oversikt-modellvalg"), rows.itertuples(), strict=True)
        ],
        source=f"{OVERVIEW}.",
        note=f"{answered.count('besvart')} av {len(answered)} punkter er besvart, {answered.count('delvis')} delvis, "
        f"og {answered.count('mangler')} mangler svar.",
    )


def hosting() -> Table | Note:
    """The most even ways of placing the host roles: what each municipality would host, in areas and årsverk.

    One row per way. Where the ways are more than can be read, one row per way of grouping the areas, whoever hosts them.
    """
    areas, places = baseline.covered(), municipalities()
    if not areas:
        return Note("Årsverkene mangler, så vertsrollene kan ikke fordeles etter størrelse.")
    totals = {one.slug: by_id()[f"{one.slug}.arsverk.{SUM}"] for one in areas}
    found = _most_even(totals, len(places))
    if sum(grouping.ways for grouping in found) <= MOST_WAYS:
        columns, rows = (
            [place.name for place in places],
            _by_municipality(found, [place.slug for place in places], totals),
        )
    else:
        columns, rows = [f"Vert {number}" for number in range(1, len(found[0].groups) + 1)], _by_host(found, totals)
    return Table(
        name="vertsroller",
        title="De jevneste fordelingene av vertsrollen",
        columns=["Fordeling", *columns],
        rows=[[str(number), *cells] for number, cells in enumerate(rows, 1)],
        source=f"Beregnet av {STAFF}.",
        note=" ".join(filter(None, [_hosting_note(found, totals), left_out()])),
        status=Status.BEREGNET,
    )


def _most_even(totals: dict[str, Value], places: int) -> list[Grouping]:
    """The most even groupings of the areas. Where an area's årsverk are missing, only areas are counted."""
    known = all(value.number is not None for value in totals.values())
    return most_even({slug: float(value.number or 0) if known else 0.0 for slug, value in totals.items()}, places)


def _by_municipality(found: list[Grouping], places: list[str], totals: dict[str, Value]) -> list[list[str]]:
    """What each municipality hosts, in every way, in the order of the municipalities."""
    every = [host for grouping in found for host in placements(grouping, places)]
    every.sort(key=lambda host: [places.index(host[slug]) for slug in totals])
    return [[_hosted([slug for slug in totals if host[slug] == place], totals) for place in places] for host in every]


def _by_host(found: list[Grouping], totals: dict[str, Value]) -> list[list[str]]:
    """What each host hosts, in every grouping."""
    return [[_hosted(group, totals) for group in grouping.groups] for grouping in found]


def _hosted(slugs: Sequence[str], totals: dict[str, Value]) -> str:
    texts = dict(zip(totals, aligned(list(totals.values())), strict=True))
    return "; ".join(f"{area(slug).name}: {texts[slug]}" for slug in slugs) or "Ingen"


def _hosting_note(found: list[Grouping], totals: dict[str, Value]) -> str:
    ways, even = prod([len(municipalities())] * len(totals)), sum(grouping.ways for grouping in found)
    unit = f"Tallene er årsverk i området i dag, i alle kommunene til sammen. Områdene kan plasseres på {formatting.number(ways)} måter."
    if even > MOST_WAYS:
        unit += (
            f" Av dem er {formatting.number(even)} like jevne: hver vert i tabellen kan være hvilken som helst av kommunene, "
            "men ingen kommune er vert to ganger i samme rad."
        )
    if any(value.number is None for value in totals.values()):
        return f"{unit} Årsverk mangler for minst ett område, så bare antall områder er jevnet ut."
    spread = formatting.quantity(found[0].spread, "årsverk")
    each = (
        "er hver kommune vert for minst ett område"
        if found[0].everyone_hosts
        else "er ikke alle kommunene vert for et område"
    )
    return (
        f"{unit} I alle fordelingene over {each}, og den med flest årsverk er vert for {spread} mer enn den med "
        "færrest. Rekkefølgen i tabellen betyr ingenting."
    )


def from_others() -> Table:
    """Area by area: the årsverk of the other municipalities that each municipality would carry out as host."""
    values = {value.id: value for value in model_choice.values()}
    areas, places = administrative_areas(), municipalities()
    return Table(
        name="arsverk-fra-andre",
        title="Årsverk som ligger i de andre kommunene i dag, etter hvem som er vert",
        columns=["Område", *(f"{place.name} er vert" for place in places)],
        rows=[[one.name, *(values[f"{one.slug}.arsverk-fra-andre.{place.slug}"] for place in places)] for one in areas],
        numeric=frozenset(range(1, len(places) + 1)),
        source=f"Beregnet av {STAFF}.",
        note="Tallene bygger på dagens bemanning. De sier ikke hvor arbeidet skal gjøres, hvor mange ansatte det gjelder, eller hvem.",
    )  # fmt: skip


def _groups(slugs: tuple[str, ...]) -> list[model_choice.TaskGroup]:
    """The groups named by their own slug or by their area's, or all."""
    return [group for group in model_choice.task_groups() if not slugs or {group.slug, group.area} & set(slugs)]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
