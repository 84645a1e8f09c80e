"""The config files of hiera-eyaml: what they set, what they may not, and where each setting came from."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eyamlgpg.errors import ConfigError
from eyamlgpg.formats.eyaml.config import Layer, Origin, Setting, Settings, merge, options, parse


def values(text: str) -> dict[str, str | bool]:
    layer = parse(text, "c.yaml")
    assert layer.warnings == ()
    return {setting.name: setting.value for setting in layer.settings}


def error_of(text: str) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        parse(text, "c.yaml")
    return caught.value


def test_every_setting_knows_its_line() -> None:
    text = """---
# the team
encrypt_method: gpg
gpg_gnupghome: /etc/gnupg home
gpg_always_trust: false
gpg_recipients: "alice@example.com,bob@example.com"
gpg_recipients_file: 'team.recipients'
"""
    assert parse(text, "c.yaml") == Layer(
        (
            Setting("encrypt_method", "gpg", "c.yaml", 3),
            Setting("gpg_gnupghome", "/etc/gnupg home", "c.yaml", 4),
            Setting("gpg_always_trust", False, "c.yaml", 5),
            Setting("gpg_recipients", "alice@example.com,bob@example.com", "c.yaml", 6),
            Setting("gpg_recipients_file", "team.recipients", "c.yaml", 7),
        )
    )
    assert [setting.where for setting in parse(text, "c.yaml").settings[:1]] == ["c.yaml:3"]


def test_settings_of_single_commands_are_read() -> None:
    text = "output: string\nlabel: x\nverbose: on\ntrace: yes\nquiet: off\nno_preamble: true\nno_decrypt: no\n"
    assert values(text + "change_encryption: gpg\n") == {
        "output": "string",
        "label": "x",
        "verbose": True,
        "trace": True,
        "quiet": False,
        "no_preamble": True,
        "no_decrypt": False,
        "change_encryption": "gpg",
    }


@pytest.mark.parametrize("text", ["", "\n", "---\n", "# nothing yet\n", "\ufeff", "~", "---\n...\n", "{}"])
def test_a_file_without_content_sets_nothing(text: str) -> None:
    assert values(text) == {}


@pytest.mark.parametrize("nothing", ["", " ~", " null", " # to come"])
def test_a_setting_without_a_value_is_not_made(nothing: str) -> None:
    assert values(f"gpg_recipients:{nothing}\ngpg_always_trust:{nothing}\n") == {}


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("12345678", "12345678"),
        ("0xDEADBEEF", "0xDEADBEEF"),
        ("''", ""),
        ("'~'", "~"),
        (">\n  alice@example.com,\n  bob@example.com", "alice@example.com, bob@example.com"),
        ("yes", "yes"),
    ],
)
def test_a_text_is_taken_as_it_is_written(written: str, text: str) -> None:
    """A key ID of digits only is no number."""
    assert values(f"gpg_recipients: {written}") == {"gpg_recipients": text}


def test_an_alias_is_what_it_stands_for() -> None:
    assert values("label: &team a@x\ngpg_recipients: *team\n") == {"label": "a@x", "gpg_recipients": "a@x"}


def test_crlf_and_a_byte_order_mark_make_no_difference() -> None:
    assert values("\ufeff---\r\ngpg_always_trust: true\r\noutput: block\r\n") == {
        "gpg_always_trust": True,
        "output": "block",
    }


@pytest.mark.parametrize("rest", ["label: b\n", ": [\n", "label: *nothing\n"])
def test_only_the_first_document_counts_as_in_ruby(rest: str) -> None:
    assert values(f"label: a\n---\n{rest}") == {"label": "a"}


def test_settings_that_only_the_gems_know_are_passed_over() -> None:
    assert values("pkcs7_subject: x\npkcs7_keysize: 2048\nversion: true\nlabel: a\n") == {"label": "a"}


@pytest.mark.parametrize("kind", ["private", "public"])
def test_the_key_pair_of_pkcs7_is_named_by_file_or_by_variable(kind: str) -> None:
    made = {f"pkcs7_{kind}_key": "keys/x.pem", f"pkcs7_{kind}_key_env_var": "KEY"}
    assert values("".join(f"{name}: {value}\n" for name, value in made.items())) == made


def test_unknown_settings_are_warned_of_and_what_they_hold_is_not_shown() -> None:
    assert parse("gpg_recipient: secret\n? [a, b]\n: [c, {label: d}]\nlabel: e\n", "c.yaml") == Layer(
        (Setting("label", "e", "c.yaml", 4),),
        (
            "c.yaml:1: 'gpg_recipient' is no setting that eyamlgpg knows",
            "c.yaml:2: '' is no setting that eyamlgpg knows",
        ),
    )


@pytest.mark.parametrize("name", [":gpg_recipients", "gpg-recipients", "':gpg_recipients'"])
def test_a_symbol_or_dashes_are_taken_with_a_warning(name: str) -> None:
    """hiera-eyaml compares with the name in underscores and passes these over."""
    assert parse(f"{name}: a@x", "c.yaml") == Layer(
        (Setting("gpg_recipients", "a@x", "c.yaml", 1),),
        (f"c.yaml:1: {name.strip(chr(39))} is taken for gpg_recipients; hiera-eyaml passes it over",),
    )


def test_of_a_setting_made_twice_the_last_holds_with_a_warning() -> None:
    assert parse("label: a\nlabel: b\n", "c.yaml") == Layer(
        (Setting("label", "b", "c.yaml", 2),), ("c.yaml:2: label is set in line 1 already; this one holds",)
    )


@pytest.mark.parametrize(("text", "line"), [("- bad\n", 1), ("\n\nword\n", 3), ("'~'", 1), ("--- [a, b]\n", 1)])
def test_what_is_no_mapping_is_an_error_with_its_line(text: str, line: int) -> None:
    assert error_of(text).sentence == f"c.yaml:{line}: not a mapping of settings, such as `gpg_recipients: A,B`"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("label: [1\n", "c.yaml:2: not YAML: expected ',' or ']', but got '<stream end>'"),
        ("label: a\nlabel: b: c\n", "c.yaml:2: not YAML: mapping values are not allowed here"),
        ("label: \x01\n", "c.yaml:1: not YAML: it holds a control character, which YAML does not allow"),
        ("label: a\nlabel: *b\n", "c.yaml:2: not YAML: an alias has no anchor before it"),
    ],
)
def test_what_is_no_yaml_is_an_error_with_its_line(text: str, sentence: str) -> None:
    assert error_of(text).sentence == sentence


@pytest.mark.parametrize("value", ["maybe", "'true'", "1", "'yes'", "''"])
def test_a_flag_is_true_or_false_without_quotes(value: str) -> None:
    assert error_of(f"label: x\ngpg_always_trust: {value}\n").sentence == (
        f"c.yaml:2: gpg_always_trust is either true or false, without quotes, not {value.strip(chr(39))!r}"
    )


def test_a_list_of_recipients_is_an_error_that_shows_how_to_write_it() -> None:
    error = error_of("gpg_recipients:\n  - alice@example.com\n")
    assert error.sentence == "c.yaml:1: gpg_recipients has one value, not a list or a mapping"
    assert error.hints == ("write them in one text: gpg_recipients: alice@example.com,bob@example.com",)
    assert error_of("quiet: {}\n").hints == ()


def test_a_file_nested_without_end_is_refused_at_once() -> None:
    assert error_of(f"label: a\nx: {'[' * 30_000}").sentence == "c.yaml:2: not YAML: it nests more than 200 levels deep"


@settings(deadline=None)  # the first example imports ruamel.yaml
@given(st.text())
def test_any_text_is_read_or_refused_with_the_files_name(text: str) -> None:
    try:
        said = parse(text, "c.yaml").warnings
    except ConfigError as error:
        said = (error.sentence,)
    assert [words for words in said if not words.startswith("c.yaml:")] == []


def test_the_command_line_knows_its_options_and_leaves_out_those_not_given() -> None:
    assert options({"gpg_recipients": "a@x", "gpg_always_trust": None, "quiet": True, "label": ""}).settings == (
        Setting("gpg_recipients", "a@x", "--gpg-recipients"),
        Setting("quiet", True, "--quiet"),
        Setting("label", "", "--label"),
    )
    assert options({"quiet": True}).settings[0].where == "--quiet"


def layer(origin: Origin, **settings: str | bool) -> Layer:
    return Layer(tuple(Setting(name, value, origin.name, 1) for name, value in settings.items()))


@given(st.lists(st.sampled_from(Origin), min_size=1, unique=True))
def test_setting_by_setting_the_later_origin_wins_in_whatever_order_they_come(origins: list[Origin]) -> None:
    merged = merge({origin: layer(origin, label=origin.name, output="x") for origin in origins})
    assert merged.text("label") == max(origins).name
    assert merged.by_name["output"].where == f"{max(origins).name}:1"


def test_settings_of_several_origins_stand_side_by_side() -> None:
    merged = merge(
        {
            Origin.SYSTEM: layer(Origin.SYSTEM, gpg_gnupghome="/srv/gnupg", gpg_always_trust=True),
            Origin.EYAML_CONFIG: layer(Origin.EYAML_CONFIG, gpg_recipients="a@x"),
            Origin.COMMAND_LINE: options({"gpg_always_trust": False}),
        }
    )
    assert merged == Settings(
        {
            "gpg_gnupghome": Setting("gpg_gnupghome", "/srv/gnupg", "SYSTEM", 1),
            "gpg_always_trust": Setting("gpg_always_trust", False, "--gpg-always-trust"),
            "gpg_recipients": Setting("gpg_recipients", "a@x", "EYAML_CONFIG", 1),
        }
    )
    assert (merged.flag("gpg_always_trust"), merged.text("gpg_gnupghome")) == (False, "/srv/gnupg")


def test_nothing_said_is_off_and_none() -> None:
    assert (merge({}).flag("quiet"), merge({}).text("label")) == (False, None)


def test_the_warnings_of_all_layers_are_kept_in_order() -> None:
    merged = merge({Origin.HOME: Layer((), ("h",)), Origin.SYSTEM: Layer((), ("s",))})
    assert merged.warnings == ("s", "h")


FOREIGN = Origin.WORKING_DIRECTORY


@pytest.mark.parametrize(
    ("name", "value", "what"),
    [
        ("gpg_always_trust", True, "which keys are trusted"),
        ("gpg_gnupghome", "./keys", "which keys are trusted"),
        ("quiet", True, "what you are warned of"),
    ],
)
def test_the_working_directory_does_not_lower_the_guard(name: str, value: str | bool, what: str) -> None:
    """Its config file comes with whatever repository one stands in."""
    warning = (
        f"WORKING_DIRECTORY:1: {name} is ignored here: a config file in the working directory does not decide {what}"
    )
    assert merge({FOREIGN: layer(FOREIGN, **{name: value}, label="x")}) == Settings(
        {"label": Setting("label", "x", "WORKING_DIRECTORY", 1)}, (warning,)
    )


def test_the_working_directory_cannot_undo_what_the_user_said() -> None:
    mine = layer(Origin.HOME, gpg_always_trust=False, gpg_gnupghome="/home/alice/.gnupg")
    theirs = layer(FOREIGN, gpg_always_trust=True, gpg_gnupghome="/tmp/gnupg")
    merged = merge({Origin.HOME: mine, FOREIGN: theirs})
    assert tuple(merged.by_name.values()) == mine.settings
    assert len(merged.warnings) == 2


def test_the_working_directory_may_switch_trust_off_or_say_the_same_again() -> None:
    """In one's own home both are the same file."""
    mine = layer(Origin.HOME, gpg_always_trust=True, gpg_gnupghome="/home/alice/.gnupg", quiet=True)
    assert merge({Origin.HOME: mine, FOREIGN: mine}).warnings == ()
    assert merge({Origin.HOME: mine, FOREIGN: layer(FOREIGN, gpg_always_trust=False)}).flag("gpg_always_trust") is False


@pytest.mark.parametrize("name", ["gpg_recipients", "gpg_recipients_file"])
def test_recipients_of_the_working_directory_hold_and_are_told(name: str) -> None:
    merged = merge({FOREIGN: layer(FOREIGN, **{name: "x"})})
    setting = Setting(name, "x", "WORKING_DIRECTORY", 1)
    warning = f"WORKING_DIRECTORY:1: {name} overrules the recipients files"
    assert merged == Settings({name: setting}, (warning,), (setting,))


@pytest.mark.parametrize("other", [Origin.HOME, Origin.EYAML_CONFIG, Origin.COMMAND_LINE])
def test_recipients_that_the_user_names_as_well_are_not_told(other: Origin) -> None:
    merged = merge({origin: layer(origin, gpg_recipients="x") for origin in (FOREIGN, other)})
    assert (merged.text("gpg_recipients"), merged.warnings, merged.overruling) == ("x", (), ())


@pytest.mark.parametrize("origin", [Origin.SYSTEM, Origin.HOME, Origin.EYAML_CONFIG, Origin.COMMAND_LINE])
def test_every_other_origin_may_decide_which_keys_are_trusted(origin: Origin) -> None:
    merged = merge({origin: layer(origin, gpg_always_trust=True, gpg_gnupghome="x")})
    assert (merged.flag("gpg_always_trust"), merged.text("gpg_gnupghome"), merged.warnings) == (True, "x", ())


@pytest.mark.parametrize(
    ("char", "sentence"),
    [
        ("\\0", "NAME holds a NUL, which no text has"),
        ("\\uD800", "not YAML: it escapes half a surrogate pair, which no text holds"),
        ("\\uDFFF", "not YAML: it escapes half a surrogate pair, which no text holds"),
    ],
)
@pytest.mark.parametrize("name", ["gpg_recipients_file", "label"])
def test_what_no_path_and_no_output_can_hold_is_refused(name: str, char: str, sentence: str) -> None:
    assert error_of(f'output: block\n{name}: "a{char}b"\n').sentence == (f"c.yaml:2: {sentence.replace('NAME', name)}")


def test_of_a_long_word_only_the_beginning_is_quoted() -> None:
    long = "x" * 100_000
    assert parse(f"? {long}\n: 1\n", "c.yaml").warnings == (
        f"c.yaml:1: '{'x' * 80}…' is no setting that eyamlgpg knows",
    )
    assert error_of(f"quiet: {long}\n").sentence == (
        f"c.yaml:1: quiet is either true or false, without quotes, not '{'x' * 80}…'"
    )
