"""Writes what a person would otherwise have to write in many files at once: a new area, a new municipality.

Everything is made ready in a copy of ``data/``, ``book/`` and ``_toc.yml``, held to the checks of every build there, and
only then put in its place (:mod:`publishing.additions.draft`).
"""
