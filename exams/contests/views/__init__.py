"""Addresses of contests: holding them, taking part, looking on (竞赛接口)."""

from exams.contests.views.holding import views as holding
from exams.contests.views.lanes import LANES, OPEN_LANES
from exams.contests.views.looking import views as looking
from exams.contests.views.sharing import views as sharing
from exams.contests.views.taking_part import views as taking_part

#: For wsgi.py.
PARTS = (holding, taking_part, looking, sharing)

__all__ = ["LANES", "OPEN_LANES", "PARTS"]
