"""How the numbers came about: totals held against cells, corrections, what does not add up, sources."""

from __future__ import annotations

from analysis import corrections as guarded
from analysis import data, delivered, formatting, kostra, reconciliation, worked_examples
from analysis.keyfigures import by_id
from analysis.model import Status
from analysis.places import areas, municipalities
from analysis.results import Listing, Table
from analysis.views.absent import left_out


def totals() -> Table:
    """Every printed total beside the sum of its cells."""
    return Table(
        name="avstemming",
        title="Oppgitte summer holdt opp mot summen av kommunenes tall",
        columns=["Område", "Hva", "Oppgitt", "Summen av kommunenes tall", "Avvik"],
        rows=[
            [
                check.area_name, check.measure, formatting.quantity(check.printed, check.unit), formatting.quantity(check.summed, check.unit),
                "stemmer" if check.holds else formatting.quantity(check.difference, check.unit),
            ]
            for check in reconciliation.checks()
        ],
        numeric=frozenset({2, 3, 4}),
        status=Status.BEREGNET,
        source="Beregnet av saksframleggets tabeller (data/raw/sak/bemanning.csv og oppgitte_summer.csv).",
    )  # fmt: skip


def corrections() -> Table:
    """Every guarded correction: what was delivered, what the book counts with, why, and who confirmed it."""
    return Table(
        name="rettelser",
        title="Rettelser",
        columns=["Gjelder", "Oppgitt", "Brukt i rapporten", "Begrunnelse", "Bekreftet av"],
        rows=[
            [_concerned(change), _cell(change.expected), _cell(change.new), change.reason, _capital(change.confirmed_by)]
            for change in guarded.listed()
        ],
        source="Egen oversikt over rettelser (data/rettelser.csv).",
        note="Den oppgitte verdien står urørt i datagrunnlaget. Endrer kommunene den, må rettelsen vurderes på nytt.",
    )  # fmt: skip


def _concerned(change: guarded.Correction) -> str:
    """What is corrected, in words: «Oppgitte summer: Postmottak og arkiv, budsjett 2025 (kr)»."""
    resource = data.description()[change.table]
    field = next(field for field in resource["schema"]["fields"] if field["name"] == change.column)
    names: dict[str, dict[str, str]] = {
        "omrade": {area.slug: area.name for area in areas()},
        "kommunenr": {str(place.number): place.name for place in municipalities()},
        "opplysning": {quantity.id: quantity.name for quantity in delivered.quantities()},
        "id": {row["id"]: row["navn"] for row in data.load("erfaringstall").to_dict("records")},
    }
    row = [names.get(column, {}).get(value, value) for column, value in guarded.pairs(change.key)]
    title, unit = formatting.lowered(field["title"]), field["unit"]
    # Where the unit differs from row to row, the description of the column says so in other words.
    known = unit in formatting.DECIMALS and unit != title
    return f"{resource['title']}: {', '.join([*row, title])}{f' ({unit})' if known else ''}"


def _cell(cell: guarded.Cell) -> str:
    """A delivered or corrected number; nothing delivered is a missing one."""
    return "mangler" if cell is None else formatting.number(float(str(cell)), 2)


def inconsistencies() -> Listing:
    """What in the case does not add up, what it means, and what the book does about it."""
    rows = data.load("avvik").sort_values("nr")
    return Listing(
        [
            (f"{row.tittel}.", f"{row.hva}\n\nHva det betyr: {row.betydning}\n\nHva vi gjør: {row.handtering}")
            for row in rows.itertuples()
        ],
        ordered=True,
    )


def administration() -> Table:
    """The administrative areas beside all administration in KOSTRA: an outer bound, not a confirmation."""
    rows = [
        [place.name, *(by_id()[f"felles.{name}.{place.slug}"] for name in ("kostnad", "administrasjon.brutto", "andel-administrasjon"))]
        for place in municipalities()
    ]  # fmt: skip
    return Table(
        name="administrasjon",
        title="De administrative områdene holdt opp mot all administrasjon i KOSTRA",
        columns=[
            "Kommune",
            "De administrative områdene, budsjett 2025 (kr)",
            "All administrasjon, brutto 2025 (kr)",
            "Områdenes andel (prosent)",
        ],
        rows=rows,
        numeric=frozenset({1, 2, 3}),
        source=f"Saksframlegget (data/raw/sak/bemanning.csv) og KOSTRA funksjon 120, SSB tabell 12362, {kostra.origin()}.",
        note=f"Andelen er bare et omtrentlig mål: budsjettert lønn er delt på regnskapsførte driftsutgifter. {left_out()}".rstrip(),
    )


def sources() -> Table:
    """Every source of the book."""
    rows = data.load("kilder")
    return Table(
        name="kilder",
        title="Kilder",
        columns=["Kilde", "Utgiver", "Merknad"],
        rows=[[row.tittel, row.utgiver, row.merknad] for row in rows.itertuples()],
        source="Egen oversikt over kilder (data/kilder.csv).",
    )


def statuses() -> Listing:
    """What each status word means."""
    return Listing(
        [
            ("Oppgitt:", "tallet står i saken eller i den offentlige statistikken."),
            ("Rettet:", "et oppgitt tall er byttet ut, og rettelsen er begrunnet."),
            ("Beregnet:", "vi har regnet ut tallet av andre tall i datagrunnlaget."),
            ("Antatt:", "tallet er en forutsetning."),
            ("Mangler:", "tallet er ikke med i datagrunnlaget. Vi gjetter ikke."),
            ("Tilbakeholdt:", "tallet finnes, men vises ikke av hensyn til personvernet."),
        ]
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def examples() -> Listing:
    """The worked examples, each with the sentences that work it out."""
    return Listing(
        [(f"{example.name}.", " ".join(example.text.split())) for example in worked_examples.read()], ordered=True
    )
