"""Which addresses a tenant may make this service call."""

from __future__ import annotations

from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport_identity.oidc.addresses import is_public, permitted, real

INSIDE = [
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "192.0.0.8",
    "192.88.99.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "fc00::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::7f00:1",
    "2002:7f00:1::1",
    "2002:a9fe:a9fe::",
    "2001:0:4136:e378:8000:63bf:80ff:fffe",
]


@pytest.mark.parametrize("address", INSIDE)
def test_an_address_inside_is_not_called_however_it_is_written(address: str) -> None:
    assert not permitted(address, secure=True, port=443, networks=())


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:4700::1111", "64:ff9b::5db8:d70e"])
def test_the_internet_is_called_over_https_on_its_port_and_no_other(address: str) -> None:
    assert permitted(address, secure=True, port=443, networks=())
    assert not permitted(address, secure=True, port=8443, networks=())
    assert not permitted(address, secure=False, port=80, networks=())


def test_a_network_that_was_opened_is_called_on_any_port_and_without_tls_only_on_this_machine() -> None:
    opened = (ip_network("10.0.0.0/8"), ip_network("127.0.0.0/8"))
    assert permitted("10.1.2.3", secure=True, port=8443, networks=opened)
    assert not permitted("10.1.2.3", secure=False, port=80, networks=opened)
    assert permitted("127.0.0.1", secure=False, port=8080, networks=opened)
    assert not permitted("192.168.1.1", secure=True, port=443, networks=opened)


@given(st.ip_addresses(v=4))
def test_an_address_within_another_is_judged_as_the_one_it_leads_to(address: object) -> None:
    packed = int(real(str(address)))
    for carrier in (f"::ffff:{address}", f"64:ff9b::{packed >> 16:x}:{packed & 0xFFFF:x}"):
        assert is_public(real(carrier)) == is_public(real(str(address)))
