"""A sitting whose doors are open, and a phone that speaks for a room of it."""

from datetime import timedelta
from uuid import uuid4

from exams.checking_in import DoorAct
from exams.services import check_ins
from exams.services.check_ins import Said
from exams.sittings import SittingMove
from tests.factories import sitting as phones
from tests.factories import sittings as some
from tests.factories.sittings import OPENS

HOUR = timedelta(hours=1)
DOORS = OPENS - HOUR


class Day:
    """A sitting of four people in a room of six, its doors open."""

    def __init__(self, count=4, rooms=1):
        self.hall = some.a_hall(rooms=rooms)
        self.sitting = some.a_sitting(self.hall)
        self.placed = some.seated(self.hall, self.sitting, count)
        self.by = some.an_invigilator(self.hall, self.sitting)
        self.phone = uuid4()
        self.at = DOORS
        some.move(self.hall, self.sitting, SittingMove.START, at=DOORS)

    def said(self, one, *, act=DoorAct.ARRIVAL, seat=None, claimed=None, sequence=1, said_id=None):
        """Return one word of a phone."""
        return Said(
            id=said_id or uuid4(),
            enrolment_id=one if not hasattr(one, "id") else one.id,
            act=act,
            sequence=sequence,
            claimed_at=claimed or self.at,
            seat=seat,
            note="证件不符" if act is DoorAct.TURNING_AWAY else None,
        )

    def send(self, *batch, room=0, device=None, by=None):
        """Send words of a phone; return what became of them."""
        taken = check_ins.take(
            self.sitting.id,
            self.hall.rooms[room].id,
            batch,
            device_id=device or self.phone,
            by=by or self.by,
            at=self.at,
        )
        return [one.verdict for one in taken]

    def arrive(self, one, **more):
        """Let somebody in."""
        return self.send(self.said(one, **more))[0]

    def start(self, one, at=OPENS):
        """Start the attempt of a place."""
        return phones.start(one.enrolment, at=at)
