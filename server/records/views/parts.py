"""The part under which the addresses of files are filed (接口分组)."""

from __future__ import annotations

from server.http import Part

file_views = Part("records", "Training records and the file made of them 培训记录与一人一档")
