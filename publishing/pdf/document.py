"""The whole Typst source of a report: what stands on the cover, then the chapters."""

from __future__ import annotations

from collections.abc import Sequence

from analysis import formatting, palette
from analysis.places import municipalities
from publishing import project
from publishing.pdf import assemble, syntax
from publishing.pdf.attachments import Attachment
from publishing.pdf.writer import Writer
from publishing.project import Edition, Report

_FIXED_KEYWORDS = ("interkommunalt samarbeid", "utredning")


def source(
    report: Report,
    edition: Edition,
    parts: list[assemble.Chapter],
    attachments: Sequence[Attachment] = (),
    version: str = "",
    web_address: str = "",
) -> str:
    """The report as Typst source. ``version`` is the commit, ``web_address`` where the site lies, if they are known."""
    writer = Writer(report.docnames, assemble.targets(parts), web_address)
    body = [writer.chapter(part) for part in parts]
    return (
        "\n".join(
            [
                '#import "template.typ": *',
                f"#show: {syntax.call('report.with', **_cover(report, edition, version), attachments=_files(attachments))}",
                *(f"#{part}" for part in body),
            ]
        )
        + "\n"
    )


def _files(attachments: Sequence[Attachment]) -> str:
    return syntax.array(
        syntax.array([syntax.string(f"/{one.path.as_posix()}"), syntax.string(one.description)]) for one in attachments
    )


def _cover(report: Report, edition: Edition, version: str) -> dict[str, str]:
    """What cover, running header and the PDF's own description say."""
    places = municipalities()
    date = edition.date
    facts = {
        "Utgave": edition.name,
        "Dato": formatting.date(date),
        "Status": project.state_of(report, edition),
        "Kontakt": edition.contact,
    }
    if version:
        facts["Versjon"] = version
    facts = {name: text for name, text in facts.items() if text}
    return {
        "title": syntax.string(report.title),
        "subtitle": syntax.string(report.subtitle),
        "phase": syntax.string(_capital(report.phase)),
        "facts": syntax.array(
            syntax.array([syntax.string(name), syntax.string(text if name == "Versjon" else _capital(text))])
            for name, text in facts.items()
        ),
        "municipalities": syntax.array(syntax.string(place.name) for place in places),
        "colours": syntax.array(syntax.string(palette.colour_of(place.slug)) for place in places),
        "keywords": syntax.array(syntax.string(word) for word in (report.title, report.phase, *_FIXED_KEYWORDS)),
        "date": f"datetime(year: {date.year}, month: {date.month}, day: {date.day})",
    }


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
