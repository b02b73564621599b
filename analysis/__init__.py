"""Numbers: pure, typed functions from data to results, figures and sentences.

Nothing here knows of notebooks, HTML or PDF. Data flows one way:
``data -> analysis -> book -> publishing -> reports``.
"""
