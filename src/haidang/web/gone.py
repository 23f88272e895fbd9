"""What the site had and has no more: the database speaks of files that somebody took away."""

from __future__ import annotations

from django.http import Http404

from haidang.errors import HaidangError


class GoneError(HaidangError, Http404):
    """Files that the database speaks of are not there any more, or not as they were.

    Where nobody catches it a reader is told so, with the status 410 (`refused.not_found`), and a program likewise.
    """
