"""The lists below a list, which have its folders for themselves."""

from eyamlgpg.formats.eyaml.recipients_file import RECIPIENTS_FILE
from eyamlgpg.model.recipients import Resolved
from eyamlgpg.operations.recipients.apply import ApplyPorts
from eyamlgpg.operations.recipients.change import ListChange, read_lines
from eyamlgpg.operations.recipients.target import standing
from eyamlgpg.operations.tree.source import RecipientsRequest


def tell_of_nested(change: ListChange, recipients: RecipientsRequest, ports: ApplyPorts) -> None:
    """Say which lists below do not name the newcomers, who therefore read nothing there."""
    folder = change.place.folder
    wanted = {one.subkey.fingerprint for one in change.added}
    if folder is None or not wanted:
        return
    own = ports.trees.real(change.place.path)
    names: list[str] = []
    for path in ports.trees.named(folder, RECIPIENTS_FILE):
        if ports.trees.real(path) == own:
            continue
        place = standing(path, path.parent, recipients.working, ports.files)
        lines = read_lines(place.text, place.name, ports.resolver)
        readers = {line.resolution.subkey.fingerprint for line in lines if isinstance(line.resolution, Resolved)}
        if wanted - readers:
            names.append(place.name)
    if names:
        ports.tell.warn(
            f"{', '.join(names)}: not reached, for a list of its own governs there: --everywhere adds to every list, "
            "--at DIR to one"
        )
