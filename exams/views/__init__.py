"""Addresses of exams: planning, places, attempts (考试接口)."""

from exams.views.admission import views as admission
from exams.views.appeals import views as appeals
from exams.views.attempts import views as attempts
from exams.views.behaviour import views as behaviour
from exams.views.candidatures import views as candidatures
from exams.views.centres import views as centres
from exams.views.enrolments import views as enrolments
from exams.views.late import views as late
from exams.views.mocks import views as mocks
from exams.views.moves import views as moves
from exams.views.packages import views as packages
from exams.views.paper_sheets import views as paper_sheets
from exams.views.planning import views as planning
from exams.views.practicals import views as practicals
from exams.views.prints import views as prints
from exams.views.reaches import views as reaches
from exams.views.receipts import views as receipts
from exams.views.regrades import views as regrades
from exams.views.results import views as results
from exams.views.rooms import views as rooms
from exams.views.sittings import views as sittings
from exams.views.staffing import views as staffing
from exams.views.standards import views as standards
from exams.views.stations import views as stations
from exams.views.statistics import views as statistics
from exams.views.training_quality import views as training_quality

#: Every part of the addresses of exams, for wsgi.py.
PARTS = (
    planning,
    standards,
    centres,
    sittings,
    staffing,
    enrolments,
    candidatures,
    reaches,
    admission,
    stations,
    packages,
    attempts,
    rooms,
    moves,
    receipts,
    late,
    behaviour,
    statistics,
    training_quality,
    mocks,
    practicals,
    regrades,
    appeals,
    results,
    prints,
    paper_sheets,
)
