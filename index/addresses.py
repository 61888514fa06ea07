"""Which web addresses may be asked: plain http(s) ones whose every host address is public."""

import ipaddress
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from index.errors import FetchError

if TYPE_CHECKING:
    import httpx

LONGEST = 2_000  # characters; what browsers and servers take
_PORTS = {"http": (80, 8080), "https": (443, 8443)}
_HOST = re.compile(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9_.])?|\[?[0-9a-f:.]+\]?", re.IGNORECASE)
_UNWANTED = re.compile(r"[\x00-\x20\x7f\\<>\"{}|^`]")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# Not asked although some versions of `ipaddress` call them global: kept by us so that the answer
# does not depend on the version. Names as in the IANA special-purpose registries.
_REFUSED = tuple(
    ipaddress.ip_network(block)
    for block in (
        "192.0.0.0/24",  # protocol assignments, among them a cloud's metadata
        "192.88.99.0/24",  # 6to4 relays
        "168.63.129.16/32",  # a cloud's metadata at an address that looks public
        "2001::/23",  # protocol assignments, Teredo among them
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: leads to the IPv4 address inside
        "3fff::/20",  # documentation
    )
)
_UNICAST = ipaddress.IPv6Network("2000::/3")  # all of IPv6 that is public today
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_ISATAP = (0x00005EFE, 0x02005EFE)  # before an IPv4 address in the lower half of an IPv6 one


def is_web_address(text: str) -> bool:
    """Whether a given path is meant as an address of the web."""
    return re.match(r"[a-z][a-z0-9+.-]*://", text, re.IGNORECASE) is not None


def parse_address(text: str) -> "httpx.URL":
    """The address in its normal form, without a fragment.

    Raises FetchError for another scheme than http(s), a user name or password, a port other than
    80, 443, 8080 and 8443, and whatever is no address.
    """
    import httpx

    text = text.strip()
    if len(text) > LONGEST or _UNWANTED.search(text):
        raise FetchError("is no web address; give one like https://example.org/news")
    try:
        url = httpx.URL(text).copy_with(fragment=None)
        host = url.raw_host.decode("ascii")
    except (httpx.InvalidURL, UnicodeError, ValueError):
        raise FetchError("is no web address; give one like https://example.org/news") from None
    if url.scheme not in _PORTS:
        raise FetchError("is not an http or https address; give one that is")
    if url.userinfo or re.match(r"[^/]*//[^/?#]*@", text):
        raise FetchError("holds a user name or password; give the address without it")
    if not _HOST.fullmatch(host):
        raise FetchError("names no host; give one like https://example.org/news")
    if url.port is not None and url.port not in _PORTS["http"] + _PORTS["https"]:
        raise FetchError("names an unusual port; only 80, 443, 8080 and 8443 are asked")
    return url


def is_public(address: Address) -> bool:
    """Whether an address is one of the public internet.

    An IPv6 address that leads to an IPv4 one is judged by that: NAT64 (RFC 6052) and ISATAP.
    Those forms that no public site uses (IPv4-mapped, 6to4, Teredo) are not public.
    """
    if any(address in block for block in _REFUSED if block.version == address.version):
        return False
    if isinstance(address, ipaddress.IPv4Address):
        return address.is_global and not address.is_multicast and not address.is_reserved
    low = int(address) & 0xFFFF_FFFF
    if address in _NAT64:
        return is_public(ipaddress.IPv4Address(low))
    if int(address) >> 32 & 0xFFFF_FFFF in _ISATAP and not is_public(ipaddress.IPv4Address(low)):
        return False
    return address in _UNICAST and address.is_global


def checked(host: str, found: Sequence[str]) -> list[str]:
    """What a host's name leads to, in normal form, where all of it is public.

    Raises FetchError when there is none, or when any one is not public: a name that also leads
    inside is not to be trusted.
    """
    if not found:
        raise FetchError(f"{host} leads to no address; check its spelling")
    addresses = []
    for text in found:
        try:
            address = ipaddress.ip_address(text)
        except ValueError:
            address = None
        if address is None or not is_public(address):
            raise FetchError(f"{host} is not on the public internet; save the page and give it")
        addresses.append(str(address))
    return list(dict.fromkeys(addresses))
