"""Who is asking, and the guard that every view states (访问控制)."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar

from flask import Flask, current_app, g, request

from server import clock
from server.errors import NotAllowed, NotSignedIn
from server.policy import Identity, Permission

View = TypeVar("View", bound=Callable[..., Any])

#: Finds who presents an access token at a moment; None where the token no longer counts.
Finder = Callable[[str, datetime], Identity | None]

_KEY = "identity_finder"


def install(app: Flask, finder: Finder) -> None:
    """Tell the guards how to find out who presents a token."""
    app.extensions[_KEY] = finder


def identity() -> Identity:
    """Return who is asking.

    Raises:
        NotSignedIn: nobody is, or the token no longer counts.
    """
    if "identity" not in g:
        g.identity = _found()
    found: Identity = g.identity
    return found


def requires(permission: Permission) -> Callable[[View], View]:
    """Guard a view: who asks must hold the permission somewhere; the service asks where."""

    def check() -> None:
        if not identity().may(permission):
            raise NotAllowed

    return _guard(permission.value, check)


def signed_in_only(view: View) -> View:
    """Guard a view for anybody signed in, who sees and changes only what is their own."""

    def check() -> None:
        identity()

    return _guard("signed_in", check)(view)


def open_to_all(view: View) -> View:
    """State that a view needs no account."""
    return _guard("open", lambda: None)(view)


def guarded_by(access: str, check: Callable[[], None]) -> Callable[[View], View]:
    """Guard a view by a check of a part's own, such as of another system that asks.

    Args:
        access: what the document of the API says of who may ask.
        check: refuses whoever may not.
    """
    return _guard(access, check)


def stated(view: Callable[..., Any]) -> str | None:
    """Return the access that a view has stated, None where it has stated none."""
    return getattr(view, "stated_access", None)


def _guard(access: str, check: Callable[[], None]) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            check()
            return view(*args, **kwargs)

        apidoc = deepcopy(getattr(view, "_apidoc", {}))
        apidoc["access"] = access
        guarded._apidoc = apidoc  # type: ignore[attr-defined]  # read by flask-smorest
        guarded.stated_access = access  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]  # the same signature, guarded

    return decorate


def _found() -> Identity:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise NotSignedIn
    finder: Finder = current_app.extensions[_KEY]
    found = finder(token.strip(), clock.now())
    if found is None:
        raise NotSignedIn
    return found
