"""Addresses of the audit (审计接口)."""

from __future__ import annotations

from typing import Any

from server.access import identity, requires
from server.audit import services
from server.audit.chain import Head
from server.audit.schemas import AuditEntryTold, AuditHeadOut, AuditQuery
from server.http import Part
from server.paging import Page
from server.policy import Permission

views = Part("audit", "Who did what to what, and the proof that it stands 审计")


@views.route("/audit")
@requires(Permission.SEE_AUDIT)
@views.arguments(AuditQuery, location="query")
@views.page(AuditEntryTold)
def list_audit_entries(query: dict[str, Any]) -> Page:
    """List the entries one may see, the newest first."""
    return services.listed(identity().scope(Permission.SEE_AUDIT), **query)


@views.route("/audit/head")
@requires(Permission.SEE_AUDIT)
@views.response(200, AuditHeadOut)
def show_audit_head() -> Head:
    """Show the end of the chain, to be kept outside of the platform."""
    return services.head()
