"""What `keys generate`, `export`, `import` and `sign` show of keys."""

import json
from collections.abc import Sequence

from eyamlgpg.model.certifications import Certification
from eyamlgpg.model.keys import Key, Unusable, UserId
from eyamlgpg.operations.keys.export import Exported
from eyamlgpg.operations.keys.generate import Made
from eyamlgpg.operations.keys.imports import Taken
from eyamlgpg.render.words import counted, escaped


def grouped(fingerprint: str) -> str:
    """A fingerprint in groups of four, as people compare it."""
    return " ".join(fingerprint[start : start + 4] for start in range(0, len(fingerprint), 4))


def made_as_text(made: Made) -> str:
    """The fingerprint and the places of a new key."""
    lines = [
        made.user_id,
        f"  fingerprint              {made.fingerprint}",
        "  passphrase               no passphrase: whoever can read the GnuPG home can use the key",
        f"  GnuPG home               {made.homedir}",
        f"  parameter file           {made.parameter_file}",
        f"  public key               {made.public_key}",
        f"  revocation certificate   {made.revocation}",
    ]
    return "".join(f"{escaped(line)}\n" for line in lines)


def pasted(made: Made, recipients: str) -> str:
    """Lines to paste into hiera.yaml and into a recipients file."""
    place = json.dumps(str(made.homedir).replace("%{", "%{literal('%')}{"), ensure_ascii=False)
    return (
        "\n  hiera.yaml, among the options of `lookup_key: eyaml_lookup_key`:\n"
        f"      gpg_gnupghome: {place}\n"
        "  hiera-eyaml-gpg.recipients, in each folder whose values it may read:\n"
        + "".join(f"      {line}\n" for line in recipients.splitlines())
        + "\n"
    )


def exported_as_text(exported: Sequence[Exported]) -> str:
    """One line a file."""
    return "".join(f"{escaped(f'{one.path}: {one.outcome}: {one.key.user_id}')}\n" for one in exported)


def imported_as_text(taken: Sequence[Taken]) -> str:
    """Each key with its fingerprint in groups, to be compared with its owner."""
    lines: list[str] = []
    for one in taken:
        lines += [
            f"{one.path}: {one.outcome}",
            *(f"    {_marked(user_id, one.key)}" for user_id in one.key.user_ids),
            f"    {grouped(one.key.fingerprint)}",
            f"    {_standing(one.key)}",
        ]
    return "".join(f"{escaped(line)}\n" for line in lines)


def key_to_sign_as_text(key: Key, certified: Sequence[Certification], unknown: int) -> str:
    """What somebody should know before they certify a key."""
    lines = [
        grouped(key.fingerprint),
        *(
            f"    {_marked(user_id, key)}{'' if user_id.is_usable else f' ({user_id.validity.word})'}"
            for user_id in key.user_ids
        ),
        f"    {_parts(key)}, {_standing(key)}",
    ]
    if not certified and not unknown:
        lines.append("    certified by nobody else")
    people = {one.issuer: one for one in certified}
    for one in people.values():
        when = f" on {one.created:%Y-%m-%d}" if one.created else ""
        lines.append(
            f"    certified{when} by {one.issuer_name} ({one.issuer}){'' if one.is_exportable else ', locally'}"
        )
    if unknown:
        lines.append(
            f"    certified, it says, by {counted(unknown, 'key')} that {'is' if unknown == 1 else 'are'} not here"
        )
    return "".join(f"{escaped(line)}\n" for line in lines)


def _marked(user_id: UserId, key: Key) -> str:
    """A user ID, marked where the key's validity is not its."""
    return f"{user_id.text} (not certified)" if key.is_claimed(user_id) else user_id.text


def _parts(key: Key) -> str:
    return "/".join(dict.fromkeys(part.algorithm for part in key.parts))


def _standing(key: Key) -> str:
    expires = key.primary.expires
    expiry = "never expires" if expires is None else f"expires {expires:%Y-%m-%d}"
    if key.primary.validity.word in (Unusable.REVOKED, Unusable.EXPIRED):
        expiry = f"{key.primary.validity.word}" + ("" if expires is None else f" ({expires:%Y-%m-%d})")
    return f"validity {key.validity.word}, {expiry}"
