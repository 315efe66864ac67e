"""Addresses of the people's rooms, one file for each noun (人员接口)."""

from server.people.views.disclosures import views as disclosures
from server.people.views.doubles import views as doubles
from server.people.views.imports import views as imports
from server.people.views.people import views as people
from server.people.views.posts import views as posts

#: Every part of the people's rooms, for wsgi.py.
VIEWS = (people, disclosures, posts, imports, doubles)

__all__ = ["VIEWS"]
