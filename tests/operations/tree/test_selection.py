"""Which files the paths of a command line mean."""

from pathlib import Path

import pytest

from eyamlgpg.operations.tree.selection import Selection, TreeFile, select_files
from eyamlgpg.trees.around import Trees
from eyamlgpg.trees.files import TreeFiles


def chosen(*paths: Path) -> Selection:
    return select_files(paths, Trees({}), TreeFiles())


def write(path: Path, text: str = "a: 1\n") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_a_folder_means_its_eyaml_files_and_yaml_files_on_sight(tmp_path: Path) -> None:
    for name in ("b/x.eyaml", "a.yaml", "c.yml", "d.txt", "e.eyaml.bak", "f"):
        write(tmp_path / name)
    assert chosen(tmp_path).files == (
        TreeFile(tmp_path / "a.yaml", str(tmp_path / "a.yaml"), on_sight=True),
        TreeFile(tmp_path / "c.yml", str(tmp_path / "c.yml"), on_sight=True),
        TreeFile(tmp_path / "b/x.eyaml", str(tmp_path / "b/x.eyaml")),
    )


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("a: 1\n", False),
        ("a: ENC[GPG,x]", True),
        ("a: DEC::GPG[x]!", True),
        ("a: DEC(3)::GPG[x]!", True),
        ("DEC", False),
    ],
)
def test_a_yaml_file_counts_if_it_holds_a_token_or_a_marker(text: str, counts: bool) -> None:
    assert TreeFile(Path("a.yaml"), "a.yaml", on_sight=True).counts(text) is counts
    assert TreeFile(Path("a.eyaml"), "a.eyaml").counts(text)


def test_names_are_as_the_user_wrote_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "data/a.eyaml")
    monkeypatch.chdir(tmp_path)
    assert [file.name for file in chosen(Path("data")).files] == ["data/a.eyaml"]
    assert [file.name for file in chosen(Path()).files] == ["data/a.eyaml"]


def test_a_named_file_is_taken_whatever_it_is_called_and_once(tmp_path: Path) -> None:
    plain, eyaml = write(tmp_path / "notes.txt"), write(tmp_path / "a.eyaml")
    link = tmp_path / "link"
    link.symlink_to(eyaml)
    assert chosen(plain, link, tmp_path).files == (TreeFile(plain, str(plain)), TreeFile(eyaml, str(link)))


def test_a_yaml_file_that_is_named_is_taken_even_if_its_folder_is_too(tmp_path: Path) -> None:
    path = write(tmp_path / "a.yaml")
    assert chosen(tmp_path, path).files == (TreeFile(path, str(path)),)


def test_a_path_that_does_not_exist_is_an_error_and_the_others_go_on(tmp_path: Path) -> None:
    path, missing = write(tmp_path / "a.eyaml"), tmp_path / "missing"
    selection = chosen(missing, path)
    assert [error.sentence for error in selection.errors] == [f"{missing}: there is no such file or folder"]
    assert selection.files == (TreeFile(path, str(path)),)


def test_links_within_the_tree_are_followed_and_those_that_leave_it_are_reported(tmp_path: Path) -> None:
    outside = write(tmp_path / "outside/secret.eyaml")
    inside = write(tmp_path / "tree/data/a.eyaml")
    (tmp_path / "tree/b.eyaml").symlink_to(inside)
    (tmp_path / "tree/c.eyaml").symlink_to(outside)
    (tmp_path / "tree/d.eyaml").symlink_to("nowhere")
    (tmp_path / "tree/README").symlink_to("nowhere")
    (tmp_path / "tree/folder").symlink_to(tmp_path / "outside")
    selection = chosen(tmp_path / "tree")
    assert selection.files == (TreeFile(inside, str(tmp_path / "tree/b.eyaml")),)
    assert selection.warnings == tuple(
        f"{tmp_path / 'tree' / name}: leads out of the tree, or nowhere, and is left out"
        for name in ("c.eyaml", "d.eyaml")
    )
    assert selection.errors == ()
