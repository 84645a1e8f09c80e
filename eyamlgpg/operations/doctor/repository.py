"""The repository: git, its hooks, the policy, and the lists of recipients."""

import os
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from eyamlgpg.errors import EyamlgpgError, flattened
from eyamlgpg.model.diagnosis import Area, Diagnosis, State
from eyamlgpg.model.drivers import CACHE
from eyamlgpg.model.governed import Governed
from eyamlgpg.model.health import GitFacts
from eyamlgpg.model.keys import Fingerprint, Key
from eyamlgpg.model.policy import Policy
from eyamlgpg.model.recipients import Refused
from eyamlgpg.operations.doctor.mending import edit_command
from eyamlgpg.operations.tree.settings import POLICY

_AREA = Area.REPOSITORY


@dataclass(frozen=True, slots=True)
class ListedReaders:
    """One recipients file with what came of it."""

    place: str
    """As the user would write it."""
    governed: Governed


def examine_git(facts: GitFacts) -> Iterator[Diagnosis]:
    """Git's version, and whether it works here."""
    if facts.version is None:
        yield Diagnosis(
            "git",
            _AREA,
            State.PROBLEM,
            "git was not found on PATH",
            "Hooks, `check --staged` and `rotation` need it.",
            ("sudo apt install git",),
        )
        return
    yield Diagnosis("git", _AREA, State.GOOD, f"git is version {facts.version}")
    if facts.refusal is not None:
        yield Diagnosis("git-repository", _AREA, State.PROBLEM, facts.refusal, " ".join(facts.hints))
    elif facts.root is None:
        yield Diagnosis(
            "git-repository",
            _AREA,
            State.NOTE,
            "the working directory is not in a git repository",
            "Every file below it counts.",
        )
    else:
        yield Diagnosis("git-repository", _AREA, State.GOOD, f"the repository is {facts.root}")


def examine_hooks(facts: GitFacts) -> Iterator[Diagnosis]:
    """Each hook that should run `check` before a commit."""
    for hook in facts.hooks:
        name = Path(hook.path).name.removesuffix(".legacy")
        if hook.is_in_place:
            yield Diagnosis("hook", _AREA, State.GOOD, f"the hook {name} is {hook.state}")
        elif hook.is_damaged:
            yield Diagnosis(
                "hook",
                _AREA,
                State.PROBLEM,
                f"the hook {name} is {hook.state}",
                "`eyamlgpg check` does not run before a commit as it should.",
                ("eyamlgpg hook install",),
            )
        else:
            yield Diagnosis(
                "hook",
                _AREA,
                State.NOTE,
                f"the hook {name} is {hook.state}",
                "Nothing checks a commit for clear-text secrets on this machine.",
                ("eyamlgpg hook install",),
            )


def examine_drivers(facts: GitFacts) -> Iterator[Diagnosis]:
    """Whether git shows and merges values in this clone."""
    drivers, install = facts.drivers, ("eyamlgpg git install",)
    if drivers is None:
        return
    if drivers.stores_plaintext:
        yield Diagnosis(
            "git-drivers",
            _AREA,
            State.PROBLEM,
            f"{CACHE} is on",
            "git would store what it shows in the repository, and so gets no plaintext.",
            install,
        )
    elif drivers.has_attributes and drivers.lacking:
        yield Diagnosis(
            "git-drivers",
            _AREA,
            State.PROBLEM,
            "the repository asks for eyamlgpg to show and merge values, and this clone is not set up for it",
            f"git shows ciphertext, and merges it line by line. Not set as it should be: {', '.join(drivers.lacking)}.",
            install,
        )
    elif drivers.has_attributes:
        yield Diagnosis("git-drivers", _AREA, State.GOOD, "git shows and merges values in this clone")
    else:
        yield Diagnosis(
            "git-drivers",
            _AREA,
            State.NOTE,
            "git shows values as ciphertext, and merges them line by line",
            "`git log -p` and `git diff` can show what changed instead.",
            install,
        )


def examine_policy(policy: Policy | None, keys: Sequence[Key] | None) -> Iterator[Diagnosis]:
    """The policy, and whether the keys of its Puppet servers are on the keyring; None where that cannot be read."""
    if policy is None:
        yield Diagnosis("policy", _AREA, State.GOOD, f"there is no {POLICY}, so no reader is required or forbidden")
        return
    yield Diagnosis(
        "policy",
        _AREA,
        State.GOOD,
        f"{policy.source} declares {len(policy.puppetmasters)} puppetmasters and {len(policy.rules)} rules",
    )
    known = {key.fingerprint for key in keys or ()}
    for name, fingerprint in policy.puppetmasters.items():
        if keys is not None and fingerprint not in known:
            yield Diagnosis(
                "policy-key",
                _AREA,
                State.PROBLEM,
                f"the key of the puppetmaster {name} is not on the keyring",
                f"{policy.source} names {fingerprint}.",
                ("eyamlgpg keys import --repo",),
            )


def examine_recipients(lists: Sequence[ListedReaders], own: Sequence[Key]) -> Iterator[Diagnosis]:
    """Each list: whether everybody on it can be encrypted to, and whether you are on it."""
    if not lists:
        yield Diagnosis(
            "recipients",
            _AREA,
            State.NOTE,
            "there is no hiera-eyaml-gpg.recipients in this tree",
            "Nothing says who may read its values.",
            ("eyamlgpg recipients add ID --at DIR",),
        )
        return
    mine = {key.fingerprint for key in own}
    on = [one for one in lists if mine & _named(one.governed)]
    for one in lists:
        yield from _list(one, is_on=one in on)
    if own and not on:
        me = own[0].fingerprint
        yield Diagnosis(
            "recipients-me",
            _AREA,
            State.PROBLEM,
            "your key is on no recipients file of this tree",
            "You can read none of its values. Somebody who can read them has to add you.",
            (f"eyamlgpg keys export {me}", f"eyamlgpg recipients add {me} --everywhere"),
        )
    elif own and len(on) < len(lists):
        without = ", ".join(one.place for one in lists if one not in on)
        yield Diagnosis(
            "recipients-me",
            _AREA,
            State.NOTE,
            f"your key is on {len(on)} of {len(lists)} recipients files",
            f"You cannot read what these govern: {without}.",
        )
    elif own:
        yield Diagnosis("recipients-me", _AREA, State.GOOD, "your key is on every recipients file of this tree")


def _list(one: ListedReaders, *, is_on: bool) -> Iterator[Diagnosis]:
    governed = one.governed
    refused = [resolution for resolution in governed.resolutions if isinstance(resolution, Refused)]
    for resolution in refused:
        error = resolution.error
        yield Diagnosis(
            "recipient",
            _AREA,
            State.PROBLEM,
            _sentence(error, resolution.recipient.where),
            "Nothing can be encrypted for this list until that is settled.",
            _commands(error, one),
        )
    if governed.error is not None and not refused:
        for problem in flattened([governed.error]):
            yield Diagnosis(
                "recipients",
                _AREA,
                State.PROBLEM,
                problem.sentence,
                " ".join(problem.hints),
                edit_command(problem.sentence),
            )
    if governed.error is None:
        you = ", you among them" if is_on else ""
        number = len(governed.readers)
        readers = "reader" if number == 1 else "readers"
        yield Diagnosis("recipients", _AREA, State.GOOD, f"{one.place} names {number} {readers}{you}")


def _named(governed: Governed) -> set[Fingerprint]:
    """Everybody whom a list means, whether or not they can be encrypted to now."""
    refused = (one for one in governed.resolutions if isinstance(one, Refused))
    excused = {key.fingerprint for one in refused for key in one.candidates}
    return {key.fingerprint for key in governed.keys} | excused


def _sentence(error: EyamlgpgError, where: str) -> str:
    return error.sentence if error.sentence.startswith(where) else f"{where}: {error.sentence}"


def _commands(error: EyamlgpgError, one: ListedReaders) -> tuple[str, ...]:
    """Those among the hints that are commands, else the one that shows the list."""
    found = tuple(command for hint in error.hints for command in _commands_in(hint))
    return found or (f"eyamlgpg recipients list {shlex.quote(os.path.dirname(one.place) or '.')}",)  # noqa: PTH120


def _commands_in(hint: str) -> tuple[str, ...]:
    """Both commands of `import it: eyamlgpg keys import --repo, or eyamlgpg keys import bob.asc`."""
    before, program, rest = hint.partition("eyamlgpg ")
    if not program or "`" in rest or (before and not before.endswith(": ")):
        return ()
    return tuple(f"{program}{rest}".split(", or "))
