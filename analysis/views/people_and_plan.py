"""What the cooperation means for people and how it would be carried out: risk, participation, trial, gains, phase 1."""

from __future__ import annotations

from collections.abc import Iterable

from analysis import data, formatting, mandate
from analysis.model import Status
from analysis.places import areas
from analysis.results import Listing, Table
from analysis.views.mapping import part as sub_area

DRAFT = "Alt i tabellen er utkast fra loven og saken. Arbeidsgruppene har ikke behandlet det."

#: The parts of the trial: key in the table → heading and the words of the note.
TRIAL = {
    "saken": "Hva saken sier",
    "forutsetning": "Hva som må være på plass før oppstart",
    "maling": "Hvordan utprøvingen kan måles",
}

_SHORT = {
    "gevinstkriterier.01": "Kostnadseffektivitet",
    "gevinstkriterier.02": "Mindre sårbarhet",
    "gevinstkriterier.03": "Fagmiljø",
    "gevinstkriterier.04": "Service",
    "gevinstkriterier.05": "Evne til endring",
}


def risks(slug: str) -> Table:
    """The risks of one area, or of the cooperation as a whole (``felles``): consequence, measure and proposed owner."""
    rows = data.load("risiko")
    rows = rows[rows["omrade"] == slug]
    return Table(
        name="risiko",
        title=f"Risiko, {_area_name(slug)}",
        columns=["Risiko", "Konsekvens", "Tiltak", "Foreslått eier"],
        rows=[[row.risiko, row.konsekvens, row.tiltak, row.eier] for row in rows.itertuples()],
        source="Utkast fra saksframlegget, loven og listen over det som mangler (data/modell/risiko.csv).",
        note=f"{_draft(rows['behandling'])} Sannsynlighet er ikke vurdert.",
    )


def participation() -> Table:
    """The steps of participation and co-determination: who answers for each, when, and by which paragraph."""
    rows = data.load("medvirkning").sort_values("nr")
    return Table(
        name="medvirkning",
        title="Medvirkning og medbestemmelse, steg for steg",
        columns=["Steg", "Hva som skjer", "Ansvarlig", "Når", "Hjemmel"],
        rows=[[row.steg, row.innhold, row.ansvarlig, _capital(row.tidspunkt), _capital(row.hjemmel)] for row in rows.itertuples()],
        source="Saksframlegget og loven (data/modell/medvirkning.csv).",
        note=_draft(rows["behandling"]),
    )  # fmt: skip


def pilot(part: str) -> Listing:
    """One part of the trial for sentralbord: ``saken``, ``forutsetning`` or ``maling``.

    Raises:
        KeyError: if there is no such part.
    """
    if part not in TRIAL:
        raise KeyError(f"Utprøvingen har ikke delen «{part}». Delene er {formatting.listing(list(TRIAL))}.")
    rows = data.load("pilot")
    return Listing([_led(row.tekst) for row in rows[rows["del"] == part].itertuples()])


def _led(text: str) -> tuple[str, str]:
    """The text with its first words as lead, where it has a lead: «Service: svartid …»."""
    lead, colon, rest = text.partition(": ")
    return (f"{lead}:", _capital(rest)) if colon and len(lead) < 20 else ("", text)


def benefits(slug: str) -> Table:
    """The gains of one area: proposed owner, how each is measured, and what must be delivered first."""
    rows = data.load("gevinstplan")
    rows = rows[rows["omrade"] == slug]
    wordings = _criteria()
    return Table(
        name="gevinstplan",
        title=f"Plan for å ta ut gevinster, {_area_name(slug)}",
        columns=["Gevinst", "Foreslått eier", "Hvordan den måles", "Må leveres først"],
        rows=[[wordings[row.gevinst], row.eier, row.maling, row.leveres_forst] for row in rows.itertuples()],
        source="Saksframlegget, gevinstkriteriene, og listen over det som mangler (data/modell/gevinstplan.csv).",
        note=f"{_draft(rows['behandling'])} Ingen måltall er satt.",
    )


def phase1(slug: str) -> Table:
    """One part of samfunnsutvikling against the five criteria: what can be said, what is missing, what to take further."""
    rows = _phase1(slug)
    wordings = _criteria()
    return Table(
        name="fase1",
        title=f"Gevinstkriteriene, {sub_area(slug).name.lower()}",
        columns=["Kriterium", "Vurdering", "Dette mangler", "Kan tas videre"],
        rows=[[wordings[row.kriterium], row.vurdering, row.mangler, row.videre] for row in rows.itertuples()],
        source="Saksframlegget, kommuneloven og KOSTRA for 2025 (data/modell/fase1.csv).",
        note=_draft(rows["behandling"]),
    )


def phase1_overview() -> Table:
    """Every part of samfunnsutvikling by criterion: whether there is anything to assess it by."""
    words = {"besvart": "vurdert", "delvis": "noe grunnlag", str(Status.MANGLER): "kan ikke vurderes ennå"}
    rows = data.load("fase1")
    parts = list(dict.fromkeys(rows["underomrade"]))
    known = {(row.underomrade, row.kriterium): words[row.dekning] for row in rows.itertuples()}
    return Table(
        name="fase1-oversikt",
        title="Hva det er grunnlag for å vurdere i fase 1",
        columns=["Fagområde", *_SHORT.values()],
        rows=[[sub_area(slug).name, *(known[slug, criterion] for criterion in _SHORT)] for slug in parts],
        source="Egen vurdering av grunnlaget (data/modell/fase1.csv).",
        note="«Noe grunnlag» betyr at loven eller saken sier noe, men at tall mangler.",
    )


def next_steps(slug: str) -> Listing:
    """What to take further for one part of samfunnsutvikling."""
    return Listing([("", row.videre) for row in _phase1(slug).itertuples()])


def _phase1(slug: str):  # noqa: ANN202
    rows = data.load("fase1")
    return rows[rows["underomrade"] == sub_area(slug).slug].sort_values("kriterium")


def _criteria() -> dict[str, str]:
    texts = mandate.requirements("gevinstkriterier")
    return {f"gevinstkriterier.{number:02d}": text for number, text in enumerate(texts, 1)}


def _draft(states: Iterable[str]) -> str:
    """How far the workgroups have treated the rows."""
    listed = list(states)
    decided = listed.count("vedtatt")
    if not decided:
        return DRAFT
    return (
        "Arbeidsgruppene har vedtatt innholdet."
        if decided == len(listed)
        else f"{decided} av {len(listed)} rader er vedtatt. Resten er utkast."
    )


def _area_name(slug: str) -> str:
    return {one.slug: one.name.lower() for one in areas()}.get(slug, "samarbeidet som helhet")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
