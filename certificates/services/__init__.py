"""Issuing, changing, finding and verifying certificates; counting coverage (证书服务)."""
