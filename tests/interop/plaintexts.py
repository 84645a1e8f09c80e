"""Secrets that were trouble for somebody once."""

import random

HOSTILE = (
    b"",
    b" ",
    b"\n",
    b"\n\n",
    b"secret",
    b"final newline\n",
    b"two final newlines\n\n",
    b"CRLF\r\nlines\r\n",
    b"a\rb",
    b"\ttabs\t",
    b"  blanks around  ",
    b"b]!",
    b"]!",
    b"]\\!",
    b"a]!b]\\!c]\\\\!",
    b"DEC::GPG[inner]!",
    b"DEC(1)::GPG[",
    b"DEC\\::GPG[x]!",
    b"ENC[GPG,aGVsbG8=]",
    b">\n  ENC[GPG,aGVsbG8=]",
    b"# | a line like the preamble",
    b"key: value # comment",
    b"- a\n- b\n",
    b"---\n...\n",
    b"\"double\" 'single' `back`",
    b"C:\\new\\table",
    b"%{facts.site} %{literal('%')}{x} 50%{}",
    b"$HOME $(id) `id` ; | & > <",
    b"0123",
    b"true",
    b"~",
    "Grüße, žluťoučký, 日本語, 🔑".encode(),
    "\ufeffBOM".encode(),
    "line\u2028separator\u0085next".encode(),
    "é".encode("latin-1"),
    bytes(range(256)),
    b"\x00",
    b"\xff\xfe\n\xfd",
    b"-----BEGIN PRIVATE KEY-----\n" + b"QUJD" * 16 + b"\n-----END PRIVATE KEY-----\n",
    b"x" * 65536,
)

_RANDOM = random.Random(20250601)  # noqa: S311 - the same strings in each run
ALPHABET = "ab]!\\[DEC()1:GPG \n\r\t#'\"%{}é€🔑"
RANDOM = tuple("".join(_RANDOM.choices(ALPHABET, k=_RANDOM.randrange(1, 40))).encode() for _ in range(100)) + tuple(
    _RANDOM.randbytes(_RANDOM.randrange(1, 200)) for _ in range(50)
)
"""Text of everything that our grammar knows, and bytes of any kind."""

EVERY = (*HOSTILE, *RANDOM)
