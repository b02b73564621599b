"""The menu of a page is written anew when what it shows is another, and only then."""

from __future__ import annotations

from publishing.site.navigation import Entry, Part, touched


def page(docname: str, title: str, *below: Entry) -> Entry:
    return Entry(docname, title, below, frozenset({docname}.union(*(entry.within for entry in below))))


def book(chapter: str = "Gevinster", report: str = "Arkiv", *more: Entry) -> tuple[Part, ...]:
    switchboard = page("sentralbord/index", "Sentralbord", page("sentralbord/gevinster", chapter), *more)
    archive = page("arkiv/index", report, page("arkiv/gevinster", "Gevinster"))
    return (Part("Områder", (switchboard, archive)),)


def test_without_a_change_no_menu_is_written_anew() -> None:
    assert touched(book(), book()) == frozenset()


def test_the_title_of_a_chapter_stands_in_the_menus_of_its_report() -> None:
    assert touched(book(), book("Hva kan spares?")) == {"sentralbord/index", "sentralbord/gevinster"}


def test_a_new_chapter_stands_in_the_menus_of_its_report() -> None:
    now = book("Gevinster", "Arkiv", page("sentralbord/plan", "Plan"))
    assert touched(book(), now) == {"sentralbord/index", "sentralbord/gevinster", "sentralbord/plan"}


def test_the_title_of_a_report_stands_in_every_menu() -> None:
    assert touched(book(), book("Gevinster", "Postmottak og arkiv")) is None
