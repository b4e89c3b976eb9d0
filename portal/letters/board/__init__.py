"""Supervision: what was promised against what was kept, for everybody to read.

- figures   letters into figures, each with its denominator        - bars   figures as a picture
- digest    the week's page of figures                             - pdf    the same on paper
- handlers  `/board/...`
"""
