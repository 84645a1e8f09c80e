"""Eyaml's config files: only plain files of a sane size are read, and one of a repository cannot reach out of it."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.keyrings import known
from tests.support.ordinary import as_ordinary_user
from tests.support.tool import Ran, Tool

Home = Callable[[str], Path]

SECRET = "hunter2: [not, yours]\n"
OUT = "leads out of the tree that it stands in, and so is not read"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """The place of the working directory's config file; the directory is a tree of its own."""
    (tmp_path / "tree" / ".eyaml").mkdir(parents=True)
    return tmp_path / "tree" / ".eyaml" / "config.yaml"


@pytest.fixture
def listed(tool: Tool, home: Home, config: Path) -> Callable[..., Ran]:
    """`recipients list` in the tree, which has alice as its recipient."""
    (config.parent.parent / "hiera-eyaml-gpg.recipients").write_text(f"{known('alice').fingerprint}\n")

    def run(*words: str, **environ: str) -> Ran:
        tree = config.parent.parent
        ran = tool("recipients", "list", *words, home=home("alice"), cwd=tree, environ=environ)
        # That such a config overrules the recipients files is told as well, and tested with the settings.
        told = (line for line in ran.err.splitlines(keepends=True) if "overrules the recipients files" not in line)
        return Ran(ran.status, ran.out, "".join(told))

    return run


@pytest.mark.parametrize("target", ["/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"])
@pytest.mark.parametrize("piped", [True, False], ids=["pipe", "file"])
def test_a_config_file_that_is_a_link_to_stdin_gets_nothing_of_it(
    home: Home,
    config: Path,
    target: str,
    piped: bool,
) -> None:
    config.symlink_to(target)
    secret = config.parent.parent / "secret"
    secret.write_text(SECRET)
    program = "import sys; from eyamlgpg.cli.main import main; sys.exit(main())"
    if not piped:
        program = f"import os; os.dup2(os.open({str(secret)!r}, os.O_RDONLY), 0); {program}"
    words = ["encrypt", "--stdin", "--gpg-recipients", known("alice").fingerprint]
    environ = {"GNUPGHOME": str(home("alice"))}
    ran = as_ordinary_user("-c", program, *words, cwd=config.parent.parent, environ=environ, stdin=SECRET)
    assert (ran.returncode, ran.stdout, ran.stderr) == (3, "", f"eyamlgpg: {config}: {OUT}\n")


def test_a_config_file_of_a_repository_that_leads_out_of_it_is_not_read(
    listed: Callable[..., Ran], config: Path, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere").write_text(SECRET)
    config.symlink_to(tmp_path / "elsewhere")
    assert listed() == Ran(3, b"", f"eyamlgpg: {config}: {OUT}\n")


def test_a_config_file_may_be_a_link_within_its_tree(listed: Callable[..., Ran], config: Path) -> None:
    (config.parent.parent / "shared.yaml").write_text("gpg_recipients: bob@example.com\n")
    config.symlink_to("../shared.yaml")
    ran = listed()
    assert (ran.status, ran.err, known("bob").fingerprint in ran.out.decode()) == (0, "", True)


def test_a_config_file_that_is_no_plain_file_is_refused_at_once(
    listed: Callable[..., Ran], config: Path, tmp_path: Path
) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path("/dev/zero"), tmp_path):
        assert listed(EYAML_CONFIG=str(path)) == Ran(3, b"", f"eyamlgpg: {path}: is no plain file\n")
    os.mkfifo(config)
    assert listed() == Ran(3, b"", f"eyamlgpg: {config}: is no plain file\n")


def test_the_null_device_stands_for_no_config_file(listed: Callable[..., Ran]) -> None:
    assert listed(EYAML_CONFIG=os.devnull).status == 0


@pytest.mark.parametrize(
    "words",
    [["recipients", "list"], ["encrypt", "-s", "x"], ["set", "a.eyaml", "k", "-s", "x"], ["who"], ["check"]],
)
def test_a_config_file_that_is_named_and_not_there_is_told(
    tool: Tool, home: Home, config: Path, words: list[str]
) -> None:
    """Else a typo in EYAML_CONFIG lets other recipients apply, and nobody hears of it."""
    (config.parent.parent / "hiera-eyaml-gpg.recipients").write_text(f"{known('alice').fingerprint}\n")
    there, typo = config.parent.parent / "there.yaml", config.parent.parent / "typo.yaml"
    there.write_text("")
    told = f"warning: {typo}: there is no such file, although EYAML_CONFIG names it; no setting is taken from it\n"
    for named, said in ((typo, True), (there, False), ("", False)):
        ran = tool(*words, home=home("alice"), cwd=config.parent.parent, environ={"EYAML_CONFIG": str(named)})
        assert (told in ran.err) is said
    ran = tool(*words, "-q", home=home("alice"), cwd=config.parent.parent, environ={"EYAML_CONFIG": str(typo)})
    assert told not in ran.err


def test_a_config_file_that_is_a_link_to_nothing_is_told(listed: Callable[..., Ran], config: Path) -> None:
    config.symlink_to("gone.yaml")
    ran = listed()
    assert (ran.status, ran.err) == (
        0,
        f"eyamlgpg: warning: {config}: is a link to a file that is not there; no setting is taken from it\n",
    )


def test_a_config_file_of_more_than_a_mebibyte_is_refused_unread(listed: Callable[..., Ran], config: Path) -> None:
    with config.open("wb") as file:
        file.truncate(1 << 40)
    assert listed() == Ran(
        3, b"", f"eyamlgpg: {config}: is larger than 1,048,576 bytes, which is more than any file of this kind needs\n"
    )


@pytest.mark.parametrize("place", ["/etc/shadow", "../elsewhere", "link", "/dev/stdin"])
def test_a_repository_does_not_have_files_outside_of_it_taken_for_recipients(
    listed: Callable[..., Ran], config: Path, place: str
) -> None:
    (config.parent.parent / "link").symlink_to("../elsewhere")
    (config.parent.parent.parent / "elsewhere").write_text(SECRET)
    config.write_text(f"gpg_recipients_file: {place}\n")
    assert listed() == Ran(
        3,
        b"",
        f"eyamlgpg: {config}:1: gpg_recipients_file leads out of the tree that this config file stands in\n"
        "eyamlgpg:   it may name a file of its own tree only; --gpg-recipients-file names any\n",
    )


def test_a_repository_may_name_a_recipients_file_of_its_own_which_an_option_overrules(
    listed: Callable[..., Ran], config: Path, tmp_path: Path
) -> None:
    (config.parent / "team").write_text("bob@example.com\n")
    (tmp_path / "mine").write_text("carol@example.com\n")
    config.write_text("gpg_recipients_file: .eyaml/team\n")
    assert known("bob").fingerprint in listed().out.decode()
    config.write_text("gpg_recipients_file: /etc/shadow\n")
    assert known("carol").fingerprint in listed("--gpg-recipients-file", str(tmp_path / "mine")).out.decode()
    assert known("bob").fingerprint in listed("--gpg-recipients", "bob@example.com").out.decode()


def test_an_empty_gnupg_home_counts_as_none(listed: Callable[..., Ran], tmp_path: Path) -> None:
    given = listed()
    assert given.status == 0
    assert listed("--gpg-gnupghome", "") == given
    (tmp_path / "mine").write_text("gpg_gnupghome: ''\n")
    assert listed(EYAML_CONFIG=str(tmp_path / "mine")) == given


def test_a_repository_does_not_silence_warnings(tool: Tool, home_copy: Home, config: Path) -> None:
    config.write_text("quiet: true\n")
    foreign = "a config file in the working directory"
    home = home_copy("alice")
    home.chmod(0o755)
    ran = tool("keys", "list", home=home, cwd=config.parent.parent)
    assert (ran.status, ran.err.splitlines()) == (
        0,
        [
            f"eyamlgpg: warning: {config}:1: quiet is ignored here: {foreign} does not decide what you are warned of",
            f"eyamlgpg: warning: {home}: mode 755 lets other users in; chmod 700 '{home}'",
        ],
    )


@pytest.mark.parametrize(
    ("words", "text", "is_traced"),
    [
        (["get", "none", "key"], "", False),
        (["get", "none", "key"], "trace: true\n", True),
        (["get", "none", "key", "-t"], "", True),
        (["get", "none", "key", "-vt"], "", True),
        (["set", "none/a.eyaml", "key", "-s", "-t"], "", False),
        (["get", "none", "a.", "--trace"], "", True),
    ],
)
def test_a_traceback_is_shown_where_an_option_or_a_config_file_asks_for_it(
    tool: Tool,
    home: Home,
    config: Path,
    words: list[str],
    text: str,
    is_traced: bool,
) -> None:
    config.write_text(text)
    ran = tool(*words, home=home("alice"), cwd=config.parent.parent)
    assert (ran.status, ran.out, "Traceback" in ran.err) == (3, b"", is_traced)
