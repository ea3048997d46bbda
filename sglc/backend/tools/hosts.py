"""Which servers a tool may reach: url -> Origin, Origin against the operator's patterns, and a socket that refuses
private addresses at the moment it connects."""

from __future__ import annotations

import ipaddress
import re
import socket
from typing import Any

import msgspec
from yarl import URL

_DEFAULT_PORTS = {"http": 80, "https": 443}
_LABEL = r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?"
_NAME = re.compile(rf"{_LABEL}(\.{_LABEL})*")

# Networks that `ipaddress` calls global although a packet to them can end inside: NAT64 of a site, site-local and
# IPv4-compatible addresses.
_ALSO_PRIVATE = tuple(map(ipaddress.IPv6Network, ("64:ff9b:1::/48", "fec0::/10", "::/96")))
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


class Origin(msgspec.Struct, frozen=True):
    """Scheme, host and port. The host is canonical: lower case, punycode, dotted IPv4, IPv6 without brackets."""

    scheme: str
    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}" + ("" if self.port == _DEFAULT_PORTS[self.scheme] else f":{self.port}")


def parse_origin(text: str) -> Origin:
    """The origin of an absolute url. ValueError says in a few words what is wrong, without repeating the url."""
    if re.search(r"[\x00-\x20\x7f\\]", text):
        raise ValueError("it holds a blank, a control character or a backslash")
    try:
        url = URL(text)
        port = url.explicit_port
    except ValueError:
        raise ValueError("it is not a valid url") from None
    if url.scheme not in _DEFAULT_PORTS:
        raise ValueError("only http and https are supported")
    if "@" in (url.raw_authority or ""):
        raise ValueError("user and password do not belong into a url; send them in a header")
    if not url.raw_host:
        raise ValueError("it has no host")
    if port == 0:
        raise ValueError("the port must be 1 to 65535")
    return Origin(url.scheme, canonical_host(url.raw_host), port or _DEFAULT_PORTS[url.scheme])


def canonical_host(host: str) -> str:
    """One spelling for each host; other spellings of an IPv4 address (2130706433, 0x7f.1, 0177.0.0.1) become dotted."""
    host = host.lower().removeprefix("[").removesuffix("]")
    if ":" in host:
        if "%" in host:
            raise ValueError("an IPv6 address with a zone cannot be reached from a tool")
        return str(ipaddress.IPv6Address(host))
    host = host.removesuffix(".")
    # What ends in a number is an address to every resolver (inet_aton), never a name.
    if re.fullmatch(r"[0-9]+|0x[0-9a-f]*", host.rpartition(".")[2]):
        try:
            return socket.inet_ntoa(socket.inet_aton(host))
        except OSError:
            raise ValueError("the host is neither a name nor a valid IPv4 address") from None
    if len(host) > 253 or not _NAME.fullmatch(host):
        raise ValueError("the host is not a valid name")
    return host


def matches(pattern: str, origin: Origin) -> bool:
    """`api.shop.test`, `*.shop.test` (any depth, not shop.test itself), `[::1]`, `*`; each may end in `:port`."""
    host, port = _split_pattern(pattern)
    if port and port != str(origin.port):
        return False
    if host == "*":
        return True
    if host.startswith("*."):
        return origin.host.endswith(host[1:].lower().removesuffix("."))
    try:
        return canonical_host(URL.build(scheme="http", host=host).raw_host or "") == origin.host
    except ValueError:
        return False


def check_pattern(pattern: str) -> None:
    """ValueError says in a few words why nothing could ever match the pattern."""
    if "/" in pattern:
        raise ValueError("it is a url, expected a host")
    host, port = _split_pattern(pattern)
    if pattern.count(":") == 1 and not port:
        raise ValueError("the port is missing")
    if port and not (port.isascii() and port.isdigit() and 1 <= int(port[:6]) <= 65535):
        raise ValueError("the port must be 1 to 65535")
    if host == "*":
        return
    parse_origin(f"http://[{host}]/" if ":" in host else f"http://{host.removeprefix('*.')}/")


def _split_pattern(pattern: str) -> tuple[str, str]:
    bracketed = re.fullmatch(r"\[(.*)\](?::(\d+))?", pattern)
    if bracketed:
        return bracketed[1], bracketed[2] or ""
    if pattern.count(":") > 1:  # a bare IPv6 address
        return pattern, ""
    host, _, port = pattern.partition(":")
    return host, port


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public Internet, also by the IPv4 address that an IPv6 one carries inside."""
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address):
        if ip in _NAT64:
            return is_public(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
        carried = ip.ipv4_mapped or ip.sixtofour
        if carried is not None:
            return is_public(str(carried))
        if any(ip in network for network in _ALSO_PRIVATE):
            return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


def is_private_literal(host: str) -> bool:
    """Whether a canonical host is an address, and not a public one; a name is judged when it is connected to."""
    try:
        return not is_public(host)
    except ValueError:
        return False


class AddressRefused(OSError):
    """The socket was about to connect to an address that is not public."""


def guarded_socket(address_info: tuple[Any, ...]) -> socket.socket:
    """A socket factory for aiohttp. It sees the very address that is connected to, for names as for literal addresses,
    so a name that resolves differently the second time (DNS rebinding) gains nothing."""
    family, kind, protocol, _, address = address_info
    if not is_public(str(address[0])):
        raise AddressRefused("private address")
    return socket.socket(family=family, type=kind, proto=protocol)
