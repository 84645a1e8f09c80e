"""The targets: every parser of text and bytes that come from a repository, a colleague, gpg or a message."""

from itertools import islice

from eyamlgpg.errors import EyamlgpgError
from eyamlgpg.formats import gitattributes, splice
from eyamlgpg.formats.eyaml import (
    config,
    conflict_marks,
    markers,
    methods,
    near_markers,
    recipients_edits,
    recipients_file,
    role_blocks,
    role_edits,
    tokens,
    values,
)
from eyamlgpg.formats.eyaml import recipients_lines as lines
from eyamlgpg.formats.gnupg import certifications, colons, signatures, status
from eyamlgpg.formats.openpgp import (
    armor,
    certificate,
    content,
    copies,
    data_packet,
    detached,
    framing,
    ocb,
    packets,
    public_keys,
    revocation,
    sealed,
    seipd,
    session_key,
)
from eyamlgpg.formats.openpgp.unusual import LeftToGnupg
from eyamlgpg.formats.puppet import hiera_yaml as hiera_files
from eyamlgpg.formats.puppet import new_hiera, patterns
from eyamlgpg.formats.settings import baseline, mentions, people, people_edits, policy
from eyamlgpg.formats.text import decode, encode, folded_indent, other_encoding
from eyamlgpg.formats.yaml import assign, assign_several, complex_keys, lookup, own_value, parse, plain_type
from eyamlgpg.formats.yaml.key_path import KeyPath
from eyamlgpg.formats.yaml.structure import Structure
from eyamlgpg.model.keys import Fingerprint
from eyamlgpg.model.people import Member
from fuzz import seeds
from fuzz.target import Target

SOMEBODY = Fingerprint("51F4BC395EEF5EFE3C19D9ECA006732DF5CE8A4F")
PINNED = recipients_edits.Pinned(SOMEBODY, "Alice Anders <alice@example.com>")
LIMIT = 1 << 20
OURS = (EyamlgpgError,)
MANY = 20
"""Values of one input that are looked at one by one: more only make a round slow."""


def text(octets: bytes) -> None:
    """Any bytes become text and the same bytes again."""
    decoded = decode(octets)
    assert encode(decoded) == octets
    other_encoding(decoded)
    folded_indent(decoded, len(decoded) // 2)


def yaml(octets: bytes) -> None:
    """Every node stands where it is said to stand, and both parsers give the same paths."""
    decoded = decode(octets)
    structure = parse.locate(decoded)
    if not isinstance(structure, Structure):
        assert 1 <= structure.line <= decoded.count("\n") + 2
        return
    complex_keys.pathless(structure)
    for value in islice(values.find_values(decoded).values, MANY):
        assert 0 <= value.token.start < value.token.end <= len(decoded)


def key_path(octets: bytes) -> None:
    """A path is read back from what it is written as."""
    path = KeyPath.parse(decode(octets))
    assert KeyPath.parse(str(path)) == path


def reading(octets: bytes) -> None:
    """The first line is a path, the rest a document."""
    first, _, rest = decode(octets).partition("\n")
    lookup.read(rest, KeyPath.parse(first))


def assigning(octets: bytes) -> None:
    """A value that is set leaves everything else as it was."""
    first, _, rest = decode(octets).partition("\n")
    made = assign.assign(rest, KeyPath.parse(first), b"\xc1\xc0message")
    assign.verify_assignment(rest, made)
    assert splice.splice(rest, made.edits) == made.text
    scalar = own_value.own_scalar(lookup.structure_of(rest), KeyPath.parse(first))
    plain_type.type_beside_string(scalar)
    several = assign_several.put_several(rest, [assign_several.Put(KeyPath.parse(first), b"\xc1\xc0message")])
    assert splice.splice(rest, several.edits) == several.text


def eyaml_tokens(octets: bytes) -> None:
    """A token is written again in its own layout as the same message."""
    decoded = decode(octets)
    for token in islice([*tokens.find(decoded), *tokens.find_wider(decoded)], MANY):
        assert decoded[token.start : token.end].startswith("ENC[")
        methods.method_of(token)
        message = token.message()
        [again] = tokens.find(tokens.render(message, layout=None)) or [None]
        assert again is None or again.message() == message


def eyaml_markers(octets: bytes) -> None:
    """Markers are in order, apart, and each one's content is given back."""
    decoded = decode(octets)
    end = 0
    for marker in markers.parse(decoded):
        assert end <= marker.start < marker.end <= len(decoded)
        end = marker.end
    near_markers.find(decoded)
    markers.numbers(decoded)
    begins = list(conflict_marks.find(decoded))
    assert begins == sorted(begins)


def eyaml_config(octets: bytes) -> None:
    """The gems' config files."""
    config.parse(decode(octets), "config.yaml")


def recipients(octets: bytes) -> None:
    """Who is added is there; who is removed is not; nothing else changes."""
    decoded = decode(octets)
    listed = recipients_file.parse(decoded, "list")
    more = recipients_edits.add(decoded, [PINNED])
    names = [entry.recipient.name for entry in recipients_file.parse(more, "list").entries]
    assert lines.identity(SOMEBODY) in map(lines.identity, names)
    recipients_edits.remove(decoded, [entry.recipient for entry in listed.entries])
    recipients_file.parse_option(decoded, "option")


def roles(octets: bytes) -> None:
    """A block of a role is written, read back and dropped."""
    decoded = decode(octets)
    role_blocks.find_blocks(lines.read(decoded))
    added = role_edits.append(decoded, "dba", [PINNED])
    role_edits.drop(role_edits.rewrite(added, "dba", []), "dba")


def tree_policy(octets: bytes) -> None:
    """`policy.yaml`; whoever names approvers is known to do so before it is read."""
    found = policy.parse(decode(octets), "policy.yaml")
    assert mentions.may_name_approvers(octets) or not found.signed_by


def tree_people(octets: bytes) -> None:
    """`people.yaml`, and a person who joins and goes again."""
    decoded = decode(octets)
    before = people.parse(decoded, "people.yaml")
    if before.of(SOMEBODY) is None:
        joined = people_edits.with_member(decoded, Member(SOMEBODY, "Alice", ("dba",)), "people.yaml")
        people_edits.without_member(joined, SOMEBODY, "people.yaml")


def tree_baseline(octets: bytes) -> None:
    """The accepted findings are read back from what they are written as."""
    entries = baseline.parse(decode(octets), "baseline")
    again = baseline.parse(baseline.render(entries), "baseline")
    assert sorted(map(_told, again)) == sorted(map(_told, entries))


def _told(one: baseline.Accepted) -> tuple[str, ...]:
    return tuple(map(str, (*one.identity, one.count, one.reason)))


def hiera_yaml(octets: bytes) -> None:
    """Any hiera.yaml, and one with a text of the input in each place, which is read back."""
    decoded = decode(octets)
    for level in hiera_files.parse(decoded, "hiera.yaml").levels:
        for location in level.locations:
            patterns.candidates(level.datadir, location)
    name = "".join(char for char in decoded[:30] if char.isprintable()) or "x"
    new = new_hiera.NewHiera(f"/{name}", "data", (new_hiera.NewLevel(name, (f"{name}.eyaml",)),))
    made = hiera_files.parse(new_hiera.written(new, 5), "hiera.yaml")
    assert [one.name for one in made.levels] == [name]


def git_attributes(octets: bytes) -> None:
    """Our lines come and go, and every other byte stays."""
    decoded = decode(octets)
    ours = ["merge=ours"]
    bare = gitattributes.without_lines(decoded, ours)
    line = f"{gitattributes.pattern_of('a b.eyaml')} merge=ours"
    added = gitattributes.with_lines(bare, [line], ours)
    assert line in added or line in bare
    assert gitattributes.with_lines(added, [line], ours) == added


def gnupg_listing(octets: bytes) -> None:
    """Gpg's listings hold whatever stands in a key."""
    list(certifications.parse(octets))
    colons.keygrips(octets)
    colons.parse(octets)


def gnupg_status(octets: bytes) -> None:
    """What gpg says while it works, of a signature too."""
    signatures.judged(status.parse(octets))


def signature_file(octets: bytes) -> None:
    """Signatures are taken apart, and are the same when they are put together again."""
    apart = detached.parted(octets)
    assert detached.parted(detached.joined(apart)) == apart
    detached.newest(octets)


def message(octets: bytes) -> None:
    """A message by its packets, by both readers."""
    packets.looks_like_openpgp(octets)
    armor.is_armored_message(octets)
    armor.message_of(octets)
    data_packet.data_packet(octets, packets.read(octets).behind_first)


def message_apart(octets: bytes) -> None:
    """A message as it is opened here; anything unusual is left to gpg."""
    parts = sealed.take_apart(octets)
    for one in parts.session_keys:
        session_key.rsa_fields(one.encrypted)
    ocb.read(parts.data)


def opened(octets: bytes) -> None:
    """What decryption with a session key gives, which may be anything."""
    assert len(content.plaintext_of(octets, LIMIT)) <= LIMIT


def opened_and_hashed(octets: bytes) -> None:
    """The same, with the hash that proves it."""
    seipd.proved(octets)


def session_keys(octets: bytes) -> None:
    """A session key, as gpg-agent gives it."""
    for read in (session_key.ecdh_fields, session_key.without_rsa_padding, session_key.without_wrap_padding):
        try:
            read(octets)
        except LeftToGnupg:
            continue
    session_key.unframed(octets)


def keys(octets: bytes) -> None:
    """A key of somebody else: the canonical copy is a fixed point."""
    revocation.revocation_in(octets)
    for one in certificate.parse(octets):
        once = certificate.parse_one(certificate.serialised(copies.canonical(one)))
        assert copies.canonical(once) == once
        copies.with_certifications(one, [once])
        copies.is_newer(one, once)


def keys_to_encrypt_to(octets: bytes) -> None:
    """The numbers of public keys."""
    public_keys.read_public_keys(octets)


def frames(octets: bytes) -> None:
    """Packets are whole and in order."""
    for tag, body in framing.split(octets):
        assert list(framing.split(framing.packet(tag, body))) == [(tag, body)]


GPG_TOO = (EyamlgpgError, LeftToGnupg)
TARGETS = {
    target.name: target
    for target in (
        Target("text", text, OURS, seeds.hiera),
        Target("yaml", yaml, OURS, seeds.hiera),
        Target("key-path", key_path, OURS, seeds.key_paths),
        Target("reading", reading, OURS, seeds.documents),
        Target("assigning", assigning, OURS, seeds.documents),
        Target("tokens", eyaml_tokens, OURS, seeds.hiera),
        Target("markers", eyaml_markers, OURS, seeds.markers),
        Target("config", eyaml_config, OURS, seeds.configs),
        Target("recipients", recipients, OURS, seeds.lists),
        Target("roles", roles, OURS, seeds.lists),
        Target("policy", tree_policy, OURS, seeds.policies),
        Target("people", tree_people, OURS, seeds.people),
        Target("baseline", tree_baseline, OURS, seeds.baselines),
        Target("hiera-yaml", hiera_yaml, OURS, seeds.hiera_yamls),
        Target("git-attributes", git_attributes, OURS, seeds.attributes),
        Target("gnupg-listing", gnupg_listing, OURS, seeds.listings),
        Target("gnupg-status", gnupg_status, OURS, seeds.statuses),
        Target("signature-file", signature_file, OURS, seeds.signatures),
        Target("message", message, OURS, seeds.messages),
        Target("message-apart", message_apart, GPG_TOO, seeds.messages),
        Target("opened", opened, GPG_TOO, seeds.contents),
        Target("opened-and-hashed", opened_and_hashed, GPG_TOO, seeds.hashed),
        Target("session-keys", session_keys, GPG_TOO, seeds.session_keys),
        Target("keys", keys, OURS, seeds.keys),
        Target("keys-to-encrypt-to", keys_to_encrypt_to, OURS, seeds.binary_keys),
        Target("frames", frames, GPG_TOO, seeds.messages),
    )
}
"""Each target by its name."""
