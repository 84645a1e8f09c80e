"""What a fuzzer begins with: the recorded corpus, the vectors, and a small document of each kind."""

import base64
import binascii
import zlib
from collections.abc import Iterator
from pathlib import Path

from eyamlgpg.formats.openpgp import armor, content, detached, framing, seipd, session_key

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
FPR = "51F4BC395EEF5EFE3C19D9ECA006732DF5CE8A4F"
OTHER = "073E93CD53687E2982B1EB370D0F98448A0C6A33"


def _files(pattern: str) -> Iterator[bytes]:
    for path in sorted(FIXTURES.glob(pattern)):
        if path.is_file():
            yield path.read_bytes()


def _vectors(pattern: str) -> Iterator[bytes]:
    """The input of each vector: what stands behind its head."""
    for vector in _files(pattern):
        yield vector.partition(b"\n---\n")[2]


def hiera() -> Iterator[bytes]:
    """Hiera data, with values and without."""
    yield from _files("corpus/tree/**/*.eyaml")
    yield from _files("secrets/hieradata/**/*")
    yield from _vectors("vectors/tokens/*.txt")
    yield b"\xef\xbb\xbfa: &x [1, {b: *x}]\r\n? [c]\r\n: |2-\r\n   ENC[GPG,wcBM]\r\n--- !t\r\n%YAML"


def key_paths() -> Iterator[bytes]:
    """Paths of Hiera keys."""
    yield from (b"profile::db::password", b"users.0.password", b'"a.b".c', b"'it''s'.1", b"a..b", b"")


def documents() -> Iterator[bytes]:
    """A path in the first line, then a document."""
    yield from (
        b"a.b.0\na:\n  b: [1, two, 'three']\n",
        b"a::b\na::b: >\n  folded\n  text\n\nc: &x 1\nd: *x\n",
        b"new.key\n# a comment\na: 1\n---\nb: 2\n",
        b'a\r\na: "x" # why\r\n',
    )


def markers() -> Iterator[bytes]:
    """Texts of an editor."""
    yield from _vectors("vectors/markers/*.txt")


def configs() -> Iterator[bytes]:
    """The gems' settings."""
    yield b"---\nencrypt_method: gpg\ngpg_recipients: 'a@x, b@x'\ngpg_gnupghome: ~/.gnupg\nquiet: true\n:v: 1\n"


def lists() -> Iterator[bytes]:
    """Recipients files."""
    yield from _files("corpus/tree/**/hiera-eyaml-gpg.recipients")
    yield f"# Alice <alice@example.com>\r\n{FPR} # one\n\nbob@example.com\n0xA006732DF5CE8A4F\n".encode()
    yield f"# eyamlgpg: role dba\n# Bob <b@x>\n{FPR}\n# eyamlgpg: end\n".encode()


def policies() -> Iterator[bytes]:
    """`policy.yaml`."""
    yield (
        f"version: 1\npuppetmasters:\n  prod: {FPR}\n  dev: {{key: {OTHER}, roles: [development]}}\n"
        "rules:\n  - paths: [production/**]\n    needs: prod\n    never: dev\nclear_text:\n  secret: '*::pepper'\n"
        "  harmless: ['demo::*']\n  password_hashes: report\ncheck:\n  fail_on: warning\nsession_keys: per-file\n"
    ).encode()


def people() -> Iterator[bytes]:
    """`people.yaml`."""
    yield (
        f"version: 1\npeople:\n  # on holiday\n  - key: {OTHER}\n    name: Bob Brown <bob@example.com>\n"
        "    roles: [dba]  # for now\n    until: 2027-03-31\n"
    ).encode()
    yield b"version: 1\npeople: []\n"


def baselines() -> Iterator[bytes]:
    """Accepted findings."""
    yield (
        b"version: 1\naccepted:\n  - file: a\\xff.eyaml\n    rule: plaintext-secret\n    key: a::b\n    count: 2\n"
        b"    reason: 'old: it'\n"
    )
    yield b"version: 1\naccepted: []\n"


def hiera_yamls() -> Iterator[bytes]:
    """Versions 5, 4 and 3."""
    yield (
        b"version: 5\ndefaults:\n  datadir: data\n  data_hash: yaml_data\nhierarchy:\n  - name: Secrets\n"
        b"    lookup_key: eyaml_lookup_key\n    paths: ['nodes/%{trusted.certname}.eyaml']\n"
        b"    options: {gpg_gnupghome: /etc/gpg}\n  - name: G\n    globs: ['a/{b,c}/*.yaml', '[ab]?.yaml']\n"
        b"  - name: M\n    mapped_paths: [services, s, 's/%{s}.yaml']\n"
        b"  - name: L\n    path: \"%{literal('%')}{x}.eyaml\"\n"
    )
    yield b"version: 4\ndatadir: d\nhierarchy:\n  - {name: a, backend: yaml, path: common}\n"
    yield (
        b":backends: [eyaml, yaml]\n:hierarchy:\n  - '%{::environment}'\n  - common\n:yaml:\n  :datadir: /d\n"
        b":eyaml:\n  :datadir: /d\n  :gpg_gnupghome: /g\n  :extension: yaml\n"
    )


def attributes() -> Iterator[bytes]:
    """`.gitattributes`."""
    yield b"\xef\xbb\xbf# mine\r\n*.png binary\r\n"
    yield b"# eyamlgpg: `eyamlgpg git uninstall` takes these lines away\n*.eyaml merge=ours\n\n*.md text"


def listings() -> Iterator[bytes]:
    """What gpg lists of keys."""
    yield (
        b"tru::1:1700000000:0:3:1:5\n"
        b"pub:u:3072:1:A006732DF5CE8A4F:1700000000:1900000000::u:::scESC::::::23::0:\n"
        b"fpr:::::::::51F4BC395EEF5EFE3C19D9ECA006732DF5CE8A4F:\ngrp:::::::::0123456789ABCDEF0123456789ABCDEF01234567:\n"
        b"uid:u::::1700000000::HASH::Alice \\x3aA <alice@example.com>::::::::::0:\n"
        b"sig:!::1:A006732DF5CE8A4F:1700000000::::Alice <alice@example.com>:13x:::::10:\n"
        b"rev:!::1:A006732DF5CE8A4F:1700000000::::Alice <alice@example.com>:30l:::::10:\n"
        b"sub:u:3072:1:8FC7765C20C5FBC6:1700000000:1900000000:::::e::::::23:\n"
        b"fpr:::::::::AAAABC395EEF5EFE3C19D9EC8FC7765C20C5FBC6:\n"
    )


def statuses() -> Iterator[bytes]:
    """What gpg says while it works."""
    yield (
        b"[GNUPG:] ENC_TO 8FC7765C20C5FBC6 1 0\n[GNUPG:] NO_SECKEY 8FC7765C20C5FBC6\n[GNUPG:] DECRYPTION_FAILED\n"
        b"[GNUPG:] INV_RECP 10 0x\n[GNUPG:] ERROR pkdecrypt_failed 11\n[GNUPG:] PLAINTEXT 62 1700000000 a%20b\n"
        b"[GNUPG:] PLAINTEXT_LENGTH 12\n[GNUPG:] IMPORT_OK 1 51F4BC395EEF5EFE3C19D9ECA006732DF5CE8A4F\n"
        b"[GNUPG:] GOODSIG A006732DF5CE8A4F A%20A\n[GNUPG:] NOTATION_NAME path@eyamlgpg\n[GNUPG:] NOTATION_FLAGS 0\n"
        b"[GNUPG:] NOTATION_DATA a\n[GNUPG:] VALIDSIG 51F4BC395EEF5EFE3C19D9ECA006732DF5CE8A4F 2026-01-01 1767225600\n"
        b"[GNUPG:] DECRYPTION_OKAY\n[GNUPG:] GOODMDC\ngpg: words\n"
    )


def messages() -> Iterator[bytes]:
    """OpenPGP messages, those that are damaged among them."""
    for written in _vectors("vectors/packets/*.txt"):
        try:
            yield base64.b64decode(written)
        except binascii.Error:
            yield written
    yield from (base64.b64decode(written) for written in _vectors("vectors/sealed/*.txt"))


def contents() -> Iterator[bytes]:
    """What stands in a message: a literal packet, plain and compressed."""
    literal = content.literal(b"a secret")
    yield literal
    yield framing.packet(8, b"\x02" + zlib.compress(literal))
    yield framing.packet(8, b"\x01" + zlib.compress(literal)[2:-4])


def hashed() -> Iterator[bytes]:
    """The same, with its random beginning and the hash at its end."""
    yield seipd.with_hash(content.literal(b"a secret"), bytes(range(16)))


def session_keys() -> Iterator[bytes]:
    """A session key in the frames that it is encrypted in."""
    framed = session_key.framed(session_key.SessionKey(9, bytes(32)))
    yield framed
    yield session_key.padded_to_wrap(framed)
    yield b"\x00\x02" + b"\xff" * 40 + b"\x00" + framed


def keys() -> Iterator[bytes]:
    """Public keys, armored."""
    yield from _files("keys/*.pub.asc")


def signatures() -> Iterator[bytes]:
    """Files of signatures: those of the keys, in binary and armored."""
    for key in binary_keys():
        made = tuple(framing.packet(tag, body) for tag, body in framing.split(key) if tag == framing.SIGNATURE)
        yield made[0]
        yield detached.joined(made[:3])


def binary_keys() -> Iterator[bytes]:
    """Public keys as gpg exports them."""
    yield from (armor.dearmored(key) for key in keys())
