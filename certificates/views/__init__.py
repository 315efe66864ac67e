"""Addresses of certificates, verification and coverage (证书与覆盖率接口)."""

from certificates.views import (  # noqa: F401  # importing them gives the parts their addresses
    acting,
    admissions,
    applications,
    batches,
    bulk,
    cards,
    coverage,
    credentials,
    dues,
    exchanges,
    feed,
    gates,
    indicators,
    issuers,
    life,
    lookups,
    mine,
    opening,
    pages,
    prints,
    register,
    reports,
    rules,
    verification,
)
from certificates.views.coverage import views as coverage_views
from certificates.views.on_post import views as on_post_views
from certificates.views.parts import (
    certificate_views,
    page_views,
    system_views,
    verification_views,
)

#: What wsgi.py names.
PARTS = (
    certificate_views,
    verification_views,
    page_views,
    coverage_views,
    on_post_views,
    system_views,
)
