"""The part under which the addresses of competence are filed (接口分组)."""

from __future__ import annotations

from server.http import Part

views = Part("competence", "Competence by post and grade 岗位能力评价")
