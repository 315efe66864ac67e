"""Addresses of competence (岗位能力评价接口)."""

from certificates.competence.views import (  # noqa: F401  # importing them gives the part its addresses
    appraisals,
    frameworks,
    judgements,
    standings,
)
from certificates.competence.views.parts import views

#: For wsgi.py.
PARTS = (views,)
