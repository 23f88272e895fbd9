"""Whence a request comes: the one place that says it, for every limit and for the log."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address

from django.conf import settings
from django.http import HttpRequest
from django.http.request import split_domain_port


def address_of(request: HttpRequest) -> str:
    """The address of whoever asks."""
    near, passed = request.META.get("REMOTE_ADDR", ""), request.META.get("HTTP_X_FORWARDED_FOR", "")
    return believed(str(near), str(passed), int(settings.HOME.proxies))


def believed(near: str, passed: str, proxies: int) -> str:
    """The address to believe in.

    Each server in front adds the address that it was asked from at the end of `X-Forwarded-For`. So as many places
    from the end as there are such servers stands what the first of them saw; whatever stands before that anybody may
    have written.

    Args:
        near: the address that this server sees itself; believed where there is no such place, or no address in it.
        passed: the header.
        proxies: servers in front.
    """
    told = [*passed.split(","), near]
    said = told[-1 - proxies].strip() if proxies < len(told) else near
    try:
        found = ip_address(split_domain_port(said)[0].strip("[]") or said)  # some write the port as well
    except ValueError:
        return near
    return str((found.ipv4_mapped if isinstance(found, IPv6Address) else None) or found)


def network_of(request: HttpRequest) -> str:
    """What counts as one who asks: the address; of IPv6 the network, of which one house has all addresses."""
    said = address_of(request)
    try:
        found = ip_address(said)
    except ValueError:
        return said
    return str(IPv6Address(int(found) >> 64 << 64)) if isinstance(found, IPv6Address) else said
