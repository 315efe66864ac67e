"""Addresses of training, one file for each noun (培训接口)."""

from __future__ import annotations

from server.training.views import (
    appeals,
    attendance,
    classes,
    experts,
    hours_rules,
    learners,
    materials,
    programmes,
    providers,
    staff,
    study,
    study_lane,
)

#: Every part of training, for wsgi.py.
VIEWS = (
    providers.views,
    experts.views,
    staff.views,
    programmes.views,
    hours_rules.views,
    classes.views,
    learners.views,
    attendance.views,
    materials.views,
    study.views,
    appeals.views,
)

LANES = (study_lane.LANE,)
