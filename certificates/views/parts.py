"""The parts under which the addresses of certificates are filed (接口分组)."""

from __future__ import annotations

from pathlib import Path

from server.http import Part

certificate_views = Part("certificates", "Issuing, changing and holding certificates 证书")

verification_views = Part("verification", "Verifying a certificate without an account 证书查验")

system_views = Part("exchange-data", "What other systems are told and hand in 对接数据")

page_views = Part("verify", "Verification pages for people 查验页面", prefix="")
page_views.template_folder = str(Path(__file__).parent.parent / "templates")
