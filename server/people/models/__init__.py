"""Tables of the people: who they are, the posts they hold, who is the same as whom."""

from server.people.models.doubles import DoubleRuling, MergeMove, PersonMerge, SuspectedDouble
from server.people.models.people import DocumentDisclosure, Person, Photo, Post, within

__all__ = [
    "DocumentDisclosure",
    "DoubleRuling",
    "MergeMove",
    "Person",
    "PersonMerge",
    "Photo",
    "Post",
    "SuspectedDouble",
    "within",
]
