"""What `eyamlgpg check` prints, in each of its formats, each imported when it is asked for."""

from eyamlgpg import __version__
from eyamlgpg.cli import screen
from eyamlgpg.model.policy import Policy
from eyamlgpg.operations.check.report import CheckReport
from eyamlgpg.render.check import checked_as_text
from eyamlgpg.render.shades import Shades, shaded
from eyamlgpg.rules.catalogue import OF_CHECK


def rendered(checked: CheckReport, output_format: str, policy: Policy) -> str:
    """The answer on standard output."""
    match output_format:
        case "json":
            from eyamlgpg.render.findings.text import findings_as_json

            return findings_as_json(checked.findings)
        case "sarif":
            from eyamlgpg.render.findings.sarif import findings_as_sarif

            return findings_as_sarif(checked.findings, OF_CHECK, __version__)
        case "github":
            from eyamlgpg.render.findings.code_hosts import findings_for_github

            return findings_for_github(checked.findings)
        case "gitlab":
            from eyamlgpg.render.findings.code_hosts import findings_for_gitlab

            return findings_for_gitlab(checked.findings)
        case "junit":
            from eyamlgpg.render.findings.junit import findings_as_junit

            return findings_as_junit(checked.findings, files=checked.files, fails=policy.fails)
        case _:
            return shaded(checked_as_text(checked), screen.paper(), Shades.FINDINGS)
