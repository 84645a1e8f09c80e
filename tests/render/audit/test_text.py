"""An audit as a summary: risks on top, people, sets of readers; 80 columns whatever the names."""

from datetime import date

from eyamlgpg.operations.audit.difference import difference
from eyamlgpg.render.audit.text import difference_as_text, single_as_text
from tests.support.audits import STRANGER, Scene, governed, large, roster
from tests.support.keys import ALICE, BOB, RING, key
from tests.support.trees import value

MASTER = key("prod <prod@example.com>")


def test_the_summary_of_one_moment() -> None:
    files = {
        "d/a.eyaml": f"a: {value('x', ALICE, BOB, MASTER)}\nb: {value('x', ALICE, BOB, MASTER)}\n",
        "d/e/b.eyaml": f"c: {value('x', ALICE, STRANGER)}\n",
        **governed("d", ALICE, BOB, MASTER),
    }
    people = roster({ALICE: (("ops",), None), BOB: ((), date(2020, 1, 31))}, [MASTER])
    scene = Scene(files, (*RING, MASTER), roster=people, own=frozenset({ALICE.fingerprint}))
    assert single_as_text(scene.audit()) == (
        "Access at the working tree (2025-06-01)\n"
        "3 values in 2 files; 2 people, 1 puppetmaster\n"
        "\n"
        "Risks\n"
        "  1 value readable by an unknown key [access-unknown]\n"
        "      the unknown key 0123456789ABCDEF\n"
        "      d/e/b.eyaml (1)\n"
        "  2 values readable by somebody whose last day is over [recipients-until-passed]\n"
        "      Bob Brown <bob@example.com> (until 2020-01-31)\n"
        "      d/a.eyaml (2)\n"
        "  1 value readable by fewer than two people [access-few-people]\n"
        "      d/e/b.eyaml (1)\n"
        "  1 value readable by no puppetmaster [access-no-puppetmaster]\n"
        "      d/e/b.eyaml (1)\n"
        "\n"
        "People\n"
        "  who               kind     roles  until       values  share\n"
        "  Alice Anders      person   ops    -           3       100 %\n"
        "  Bob Brown         person   -      2020-01-31  2       67 %\n"
        "  prod              master   -      -           2       67 %\n"
        "  0123456789ABCDEF  unknown  -      -           1       33 %\n"
        "\n"
        "Readers\n"
        "  2 values: Alice Anders, Bob Brown, prod\n"
        "      d (2)\n"
        "  1 value: Alice Anders, the unknown key 0123456789ABCDEF\n"
        "      d/e (1)\n"
        "\n"
        "You can read 3 values of 3 (100 %).\n"
        "--format json, csv or html tells every value\n"
    )


def test_it_fits_80_columns_at_60_people() -> None:
    assert max(map(len, single_as_text(large()).splitlines())) <= 80


def test_a_tree_without_values_has_no_risk() -> None:
    told = single_as_text(Scene({}, RING).audit())
    assert "0 values in 0 files; 0 people, 0 puppetmasters" in told
    assert "  none found\n" in told


def test_control_characters_of_strangers_are_written_out() -> None:
    mallory = key("\x1b[2Jm <m@example.com>")
    told = single_as_text(Scene({"\x1b]0;x.eyaml": f"a: {value('x', mallory)}\n"}, (*RING, mallory)).audit())
    assert "\x1b" not in told
    assert "\\x1b[2Jm" in told


def test_the_difference_tells_who_came_and_went_and_what_changed_alike() -> None:
    def scene(*readers: object) -> Scene:
        return Scene({"a.eyaml": "".join(f"k{n:02}: {value('x', *readers)}\n" for n in range(13))}, RING)  # type: ignore[arg-type]

    assert difference_as_text(difference(scene(ALICE).audit(), scene(ALICE, BOB).audit())) == (
        "From the working tree (2025-06-01) to the working tree (2025-06-01)\n"
        "\n"
        "Joined\n"
        "  Bob Brown <bob@example.com>\n"
        "\n"
        "13 values with other readers\n"
        "  + Bob Brown <bob@example.com>\n"
        "    a.eyaml (13)\n"
        "\n"
        "0 values added, 0 removed, 13 with other readers\n"
    )
    same = difference_as_text(difference(scene(ALICE).audit(), scene(ALICE).audit()))
    assert same.splitlines()[-1] == "The same people can read the same values."
