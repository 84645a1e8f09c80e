"""Planned changes of lists, carried out or shown: what every command has in common that changes who may read."""

from collections.abc import Mapping, Sequence
from difflib import unified_diff
from typing import Any

from eyamlgpg.cli import screen
from eyamlgpg.cli.messages import answer
from eyamlgpg.cli.world import World
from eyamlgpg.errors import raise_all
from eyamlgpg.formats.text import decode
from eyamlgpg.host import paths
from eyamlgpg.operations.readers.recrypt import Recryption
from eyamlgpg.operations.readers.recrypt_plan import Plan, RecryptRequest
from eyamlgpg.operations.recipients.apply import ApplyPorts, ApplyRequest, apply, foresee
from eyamlgpg.operations.recipients.change import ListChange, SettingsChange
from eyamlgpg.render.shades import Shades, shaded
from eyamlgpg.render.words import escaped


def carry_out(
    changes: Sequence[ListChange],
    world: World,
    options: Mapping[str, Any],
    settings: Sequence[SettingsChange] = (),
) -> int:
    """Write what was planned and re-encrypt what follows from it, or show it with --dry-run."""
    request = apply_request(changes, world, settings, reencrypt=not options["no_recrypt"])
    if not options["dry_run"]:
        apply(request, ports(world))
        return 0
    plan = foresee(request, ports(world))
    answer(as_difference(changes, settings))
    if plan is not None:
        from eyamlgpg.render.recrypt import plan_as_text

        answer(shaded(plan_as_text(plan), screen.paper(), Shades.DUE))
        raise_all(plan.errors)
    return 0


def apply_request(
    changes: Sequence[ListChange], world: World, settings: Sequence[SettingsChange] = (), *, reencrypt: bool
) -> ApplyRequest:
    """Planned changes as the operation takes them."""
    return ApplyRequest(
        tuple(changes),
        world.recipients_request,
        reencrypt=reencrypt,
        default=world.default_method,
        settings=tuple(settings),
    )


def ports(world: World) -> ApplyPorts:
    """The world of a change."""

    def re_encrypt(plan: Plan, request: RecryptRequest) -> Recryption:
        from eyamlgpg.cli.commands.recrypt import carry_out
        from eyamlgpg.gpg.recrypting.recrypter import Effort

        return carry_out(world, plan, request, Effort())

    here = paths.real(paths.working_folder())
    return ApplyPorts(
        world.files, world.trees, world.resolver, here, world.ask, world.messages, re_encrypt, world.approvals
    )


def as_difference(changes: Sequence[ListChange], settings: Sequence[SettingsChange] = ()) -> str:
    """The changes as `diff -u` shows them, coloured where somebody looks on."""
    files = [(one.name, one.content, one.text) for one in settings]
    files += [(change.place.name, change.place.content, change.text) for change in changes]
    return shaded("".join(_difference(*file) for file in files), screen.paper(), Shades.DIFFERENCE)


def _difference(name: str, content: bytes | None, text: str) -> str:
    old = [] if content is None else decode(content).splitlines(keepends=True)
    lines = unified_diff(old, text.splitlines(keepends=True), name if content is not None else "/dev/null", name)
    return "".join(escaped(line.rstrip("\r\n")) + "\n" for line in lines)
