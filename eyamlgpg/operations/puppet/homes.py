"""The GnuPG home that a level names: whether Puppet can use it, and which keys lie in it."""

import posixpath
from collections.abc import Iterator

from eyamlgpg.formats.puppet.patterns import interpolations
from eyamlgpg.model.diagnosis import State
from eyamlgpg.model.hiera_check import HieraFinding, HomeLook, Master
from eyamlgpg.model.keys import Key, Protection
from eyamlgpg.operations.puppet.request import HieraRequest

_ON_MASTER = "run `eyamlgpg hiera check --on-master` on the master, as root or as the user that Puppet runs as"


def judge_path(home: str, path: str, line: int) -> HieraFinding | None:
    """What is wrong with the path of a home, wherever it may lead; None where nothing is."""
    if interpolations(home):
        message = f"the home {home} depends on the node, so what lies in it is not known here"
        return HieraFinding("home-interpolated", State.UNKNOWN, message, path, line)
    if not posixpath.isabs(home):
        message = f"gpg_gnupghome {home} is not an absolute path, and hiera-eyaml-gpg takes it as it stands"
        hint = "write the whole path: neither ~ nor a path from somewhere means the master's home"
        return HieraFinding("home-path", State.PROBLEM, message, path, line, hint=hint)
    return None


def judge_home(look: HomeLook, request: HieraRequest, path: str, line: int) -> Iterator[HieraFinding]:
    """What is wrong with a home and its keys, each thing once."""

    def found(name: str, state: State, message: str, hint: str | None = None) -> HieraFinding:
        return HieraFinding(name, state, message, path, line, master=str(look.path), hint=hint)

    if not look.exists:
        must_be = request.on_master or request.homedir is not None
        hint = f"make it: eyamlgpg keys generate NAME --homedir {look.path} --owner {request.user}:{request.user}"
        if must_be:
            yield found("home-missing", State.PROBLEM, f"the home {look.path} is not there", hint)
        else:
            message = f"the home {look.path} is not on this machine, so its keys are not known here"
            yield found("home-elsewhere", State.UNKNOWN, message, _ON_MASTER)
        return
    if not look.user_is_known:
        message = f"there is no user {request.user} on this machine, so who can read {look.path} is not known"
        yield found("home-user", State.UNKNOWN, message, "name the user that Puppet runs as: --user NAME")
    elif look.unreadable is not None:
        message = f"the user {request.user} cannot read the home {look.path}: {look.unreadable}"
        yield found("home-unreadable", State.PROBLEM, message, look.mend)
    if look.closed is not None:
        yield found(
            "home-closed", State.UNKNOWN, f"the home {look.path} cannot be looked into: {look.closed}", _ON_MASTER
        )
        return
    if not look.protections:
        message = f"the home {look.path} holds no secret key, so nothing can be decrypted with it"
        yield found("home-no-key", State.PROBLEM, message)
    for key in look.keys:
        yield from _judge_key(key, look, found("", State.PROBLEM, ""))


def _judge_key(key: Key, look: HomeLook, pattern: HieraFinding) -> Iterator[HieraFinding]:
    kept = {look.protections[part.key_id] for part in key.parts if part.can("e") and part.key_id in look.protections}
    if Protection.CLEAR not in kept and Protection.PASSPHRASE in kept:
        message = f"the key of {key.user_id} in {look.path} has a passphrase, and Puppet has nobody to ask for it"
        hint = f"gpg --homedir {look.path} --passwd {key.fingerprint}, with an empty new passphrase"
        yield HieraFinding(
            "key-passphrase", State.PROBLEM, message, pattern.path, pattern.line, master=pattern.master, hint=hint
        )


def master_of(look: HomeLook) -> Master | None:
    """The master whose home it is; None where no key of it is known."""
    key_ids = frozenset(look.protections)
    return Master(f"the home {look.path}", key_ids, is_asked_for=True) if key_ids else None
