"""Signatures are read from gpg's listing, whatever else is in it."""

from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from eyamlgpg.formats.gnupg.certifications import parse
from eyamlgpg.model.certifications import Certification, Verdict
from eyamlgpg.model.keys import KeyId

LISTING = rb"""tru:o:1:1795466616:1:3:1:5
pub:f:2048:1:C8BA79BAC9FF2428:1672531200:::-:::scESC::::::23::0:
sig:!::1:C8BA79BAC9FF2428:1672531200::::Frank:1fx::F9DB00BC91BE2B1AB4707752C8BA79BAC9FF2428:::10:
uid:f::::1672531200::8B09::Fr\x3aank <f@x.org>::::::::::0:
sig:!::22:0D0F98448A0C6A33:1795466616::::Bob:10l::073E:::8:
sig:-::22:0D0F98448A0C6A34:1795466616::::Eve:13x::073E:::8:
rev:?::22:0D0F98448A0C6A35:::::[User ID not found]:30x::073E:::8:
sig:%:::short
uat:f::::1672531200::8B09::1 3000::::::::::0:
sig:!::22:0D0F98448A0C6A33:1795466616::::Bob:10x::073E:::8:
sub:f:2048:1:077A5D76BEE938DA:1672531200::::::e::::::23:
sig:!::1:C8BA79BAC9FF2428:1672531200::::Frank:18x::F9DB:::10:
"""
WHEN = datetime.fromtimestamp(1795466616, UTC)


def test_only_signatures_on_user_ids_are_certifications() -> None:
    def by(last: str, name: str, verdict: Verdict, **more: Any) -> Certification:
        given_ = {"created": WHEN, "is_exportable": True, **more}
        return Certification("Fr:ank <f@x.org>", KeyId(f"0D0F98448A0C6A3{last}"), name, verdict=verdict, **given_)

    assert list(parse(LISTING)) == [
        by("3", "Bob", Verdict.GOOD, is_exportable=False),
        by("4", "Eve", Verdict.BAD),
        by("5", "[User ID not found]", Verdict.NO_KEY, created=None, is_revocation=True),
    ]


@given(st.binary(max_size=200))
def test_any_bytes_are_a_listing(listing: bytes) -> None:
    assert all(isinstance(one, Certification) for one in parse(b"uid:f::::1::8B09::x:\n" + listing))
