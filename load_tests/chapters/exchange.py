"""Chapter: another system, let in by agreement, finds what it was promised (系统对接)."""

from __future__ import annotations

import runpy
from datetime import timedelta
from pathlib import Path

from load_tests.expectations import Report, expect
from load_tests.messages import get, put
from load_tests.setting import Setting, today

_CHAPTER = "对接"

#: What other systems are handed to try us with; run as a file, as they would.
_SCRIPT = Path(__file__).parents[2] / "server/exchange/conformance.py"


def tell(report: Report, setting: Setting) -> None:
    """Conclude an agreement with the enterprise's gates, and ask everything as they would."""
    with report.step(_CHAPTER, "an agreement, its secret, every promise asked for") as step:
        admin, agreement_id, secret_id = setting.admin, setting.new_id(), setting.new_id()
        body = {
            "organisation_id": setting.organisations["enterprise"],
            "region_id": setting.region_id,
            "name": "走查门禁系统",
            "purpose": "site_admission",
            "abilities": ["lookup", "certificates"],
            "fields": ["name"],
            "daily_quota": 100_000,
            "valid_from": today().isoformat(),
            "valid_until": (today() + timedelta(days=30)).isoformat(),
            "document": "走查〔2026〕1号",
            "contact": "信息科",
        }
        url = "/v1/exchange-agreements/{agreement_id}"
        admin.send(put(url, body, agreement_id=agreement_id)).good()
        secret_url = f"{url}/secrets/{{secret_id}}"
        made = admin.send(
            put(secret_url, None, agreement_id=agreement_id, secret_id=secret_id)
        ).good()
        script = runpy.run_path(str(_SCRIPT))
        system = script["System"](
            url=setting.url,
            client_id=made["client_id"],
            client_secret=made["client_secret"],
        )
        for check in script["CHECKS"]:
            check(system)
        used = admin.send(get(f"{url}/usage", agreement_id=agreement_id)).good()["items"]
        _, theirs, _ = system.ask("GET", "/v1/exchange/usage")
        expect("what both sides see of the usage", used, theirs["items"])
        step.result = f"{len(script['CHECKS'])} promises kept"
