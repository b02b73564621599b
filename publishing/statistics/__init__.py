"""Fetches public statistics and freezes them in ``data/``. Only a person starts it; a build never does."""
