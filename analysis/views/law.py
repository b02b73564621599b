"""The legal forms and what the law demands."""

from __future__ import annotations

from analysis import data
from analysis.results import Listing, Table

STATUTE = "Kommuneloven, lovteksten per 2. mai 2026, og figuren i saksframlegget (data/lov/samarbeidsformer.csv)"

DEMANDS = (
    "Kommuneloven, lovteksten per 2. mai 2026. Arbeidsmiljøloven, arkivlova, plan- og bygningsloven, forvaltningsloven "
    "og anskaffelsesreglene er bare vist til; teksten i dem er ikke kontrollert her (data/lov/lovkrav.csv)."
)


def forms() -> Table:
    """Every form of § 17-1: legal basis, own legal person, individual decisions, shortlisted or not."""
    rows = data.load("samarbeidsformer").sort_values("rekkefolge", kind="stable")
    return Table(
        name="former",
        title="Lovens samarbeidsformer, ordnet etter økende selvstendighet",
        columns=["Samarbeidsform", "Hjemmel", "Eget rettssubjekt", "Kan treffe enkeltvedtak", "Pekt ut i saken"],
        rows=[[r.navn, _capital(r.hjemmel), _capital(r.eget_rettssubjekt), _capital(r.enkeltvedtak), _capital(r.aktuell)] for r in rows.itertuples()],
        source=f"{STATUTE}.",
        note="«Ikke vurdert her» betyr at formen reguleres av annen lov, og at saken ikke har pekt den ut.",
    )  # fmt: skip


def shortlisted() -> Table:
    """The shortlisted forms side by side: one row a question, one column a form."""
    rows = data.load("samarbeidsformer").sort_values("rekkefolge", kind="stable")
    rows = rows[rows["aktuell"] == "ja"]
    questions = {
        "Hjemmel": "hjemmel",
        "Eget rettssubjekt": "eget_rettssubjekt",
        "Enkeltvedtak": "enkeltvedtak",
        "Hvem som styrer": "overste_organ",
        "Økonomisk ansvar": "okonomisk_ansvar",
        "Uttreden": "uttreden",
    }
    return Table(
        name="aktuelle-former",
        title="De formene saken peker ut, side om side",
        columns=["Spørsmål", *rows["navn"]],
        rows=[[question, *(_capital(text) for text in rows[column])] for question, column in questions.items()],
        source=f"{STATUTE}.",
    )


def demands(title: str, *themes: str) -> Table:
    """What the law demands under some themes: the demand, its paragraph, and what it means here."""
    rows = data.load("lovkrav")
    rows = rows[rows["tema"].isin(themes)]
    return Table(
        name="krav-" + themes[0].split()[0],
        title=title,
        columns=["Krav", "Hjemmel", "Hva det betyr her"],
        rows=[[row.krav, _capital(row.hjemmel), row.betydning] for row in rows.itertuples()],
        source=DEMANDS,
    )


def agreement(theme: str) -> Listing:
    """What a cooperation agreement must state, point by point."""
    rows = data.load("lovkrav")
    return Listing([("", text) for text in rows.loc[rows["tema"] == theme, "krav"]], ordered=True)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
