"""The rules on the lines of a recipients file, with their pages; `lines` finds what they are about."""

from eyamlgpg.model.findings import Severity
from eyamlgpg.rules.recipients import comment_differs, overruled, roles, signatures
from eyamlgpg.rules.rule import Rule

_PIN = "`eyamlgpg recipients pin` writes each line as a full fingerprint under a comment with the name."
_ALICE = "# Alice Anders <alice@example.com>\n51F4BC395EEF5EFE3C19D9ECA006732DF5CE8A4F\n"


def _error(rule: str, title: str, why: str, example: str, mend: str) -> Rule:
    return Rule(rule, Severity.ERROR, title, why, example, mend)


def _warning(rule: str, title: str, why: str, example: str, mend: str) -> Rule:
    return Rule(rule, Severity.WARNING, title, why, example, mend)


UNKNOWN = _error(
    "recipient-unknown",
    "a recipient's key is not on the keyring",
    "No key at hand has this fingerprint, address or name, so nothing can be encrypted in this folder, and nobody "
    "can say whether the values there are in line.",
    "alcie@example.com\n",
    "Is it a typing error? Else import the key: `eyamlgpg keys import FILE`. With `--keyring repo` it belongs into "
    "`.eyamlgpg/keys`: `eyamlgpg keys export ID`.",
)
AMBIGUOUS = _error(
    "recipient-ambiguous",
    "a recipient means more than one key",
    "Several keys at hand answer to this name, and none or more than one of them can be used. "
    "hiera-eyaml-gpg takes the first one on the keyring, which differs from machine to machine.",
    "grace@example.com\n",
    "Write the full fingerprint of the one that is meant; the finding lists them.",
)
EMPTY = _error(
    "recipient-empty",
    "a recipient without a name",
    "A comma too many names nobody. hiera-eyaml-gpg silently takes the first key of the keyring for it.",
    "alice@example.com,,bob@example.com\n",
    "Take the surplus comma out, and write one recipient a line.",
)
EXPIRED = _error(
    "recipient-expired",
    "a recipient's key has expired",
    "Nothing can be encrypted in this folder any more, by anybody, until the key is extended or replaced.",
    "# Dave Expired <dave@example.com>\n8BF4E5E25DE7224B9A6A196F3456B413C980BF6A\n",
    "Its owner extends it (`gpg --quick-set-expire FINGERPRINT 2y`) and sends it again; import that. Or remove the "
    "recipient: `eyamlgpg recipients remove ID`.",
)
EXPIRING = _warning(
    "recipient-expiring",
    "a recipient's key expires within 60 days",
    "When it does, nothing can be encrypted in this folder any more, by anybody.",
    _ALICE,
    "Its owner extends it now (`gpg --quick-set-expire FINGERPRINT 2y`) and sends it again; import that.",
)
REVOKED = _error(
    "recipient-revoked",
    "a recipient's key was revoked",
    "Its owner said that it must not be used any more, as a rule because it was lost or stolen.",
    "# Erin Revoked <erin@example.com>\n52A1AEBA7334CAA442A9C660DDB06FC478D3509B\n",
    "Ask its owner for the new key, and replace it: `eyamlgpg recipients add NEW && eyamlgpg recipients "
    "remove OLD`. If it was stolen, change the secrets that it could read.",
)
UNUSABLE = _error(
    "recipient-unusable",
    "nothing can be encrypted to a recipient's key",
    "The key is disabled or invalid, or has no encryption subkey that is alive.",
    "# Henry Sign Only <henry@example.com>\n1CDF9992FED73F5315A1F98D37F3984002529F57\n",
    "The finding says what helps: its owner adds an encryption subkey (`gpg --quick-add-key FINGERPRINT default "
    "encrypt`), or it is enabled again.",
)
VOID_USER_ID = _error(
    "recipient-void-user-id",
    "a recipient is named by a user ID that is void",
    "The user ID was revoked or has expired; the key no longer answers to it.",
    "alice@former-employer.example\n",
    "Write the full fingerprint if the key is still meant, else remove the line.",
)
NOT_CERTIFIED = _error(
    "recipient-not-certified",
    "nobody here certified a recipient's key",
    "Whoever may push can add a line; that a key belongs to whom it names is sure only if somebody compared the "
    "fingerprint and certified it. With `--keyring repo` this is not judged.",
    "# Frank Unsigned <frank@example.com>\nF9DB00BC91BE2B1AB4707752C8BA79BAC9FF2428\n",
    "Compare the fingerprint with its owner, on the phone or face to face, then: `eyamlgpg keys sign FINGERPRINT`.",
)
CLAIMED_USER_ID = _error(
    "recipient-claimed-user-id",
    "a recipient's key calls itself by somebody else's name",
    "Anybody can write any user ID on their own key. One of this key's is certified by nobody here, while another "
    "key has that name or address certified: it may be there to be taken for that one.",
    "# Malice Aforethought <malice@example.com>\nE205374CAE1ADCFE8E5DCF76DE26430157B77158\n",
    "Ask both owners, and whoever brought the key into the repository. If it is one person with two keys, certify "
    "the user ID: `eyamlgpg keys sign FINGERPRINT`. Else remove the recipient.",
)
NOT_PINNED = _warning(
    "recipient-not-pinned",
    "a recipient is not named by a fingerprint",
    "An address means whatever key a keyring has for it: on another machine it may be another one.",
    "alice@example.com\n",
    _PIN,
)
SHORT_ID = _warning(
    "recipient-short-id",
    "a recipient is named by a short key ID",
    "Eight digits can be forged in seconds; the line may come to mean somebody else's key.",
    "F5CE8A4F\n",
    _PIN,
)
PART_OF_NAME = _warning(
    "recipient-part-of-name",
    "a recipient is named by a part of a user ID",
    "The part may come to match another key as soon as one is imported.",
    "Alice\n",
    _PIN,
)
DUPLICATE = _warning(
    "recipient-duplicate",
    "a recipient stands twice in a recipients file",
    "Whoever removes one of the two lines believes that the person is out.",
    f"{_ALICE}alice@example.com\n",
    "Take one of the two lines out.",
)
BYTE_ORDER_MARK = _warning(
    "recipients-byte-order-mark",
    "a recipients file begins with a byte order mark",
    "hiera-eyaml-gpg takes it for a part of the first name, which it does not find then.",
    "\ufeffalice@example.com\n",
    "Save the file as UTF-8 without a byte order mark.",
)
INDENTED_COMMENT = _warning(
    "recipients-indented-comment",
    "an indented comment, which the gem takes for a recipient",
    "hiera-eyaml-gpg looks for the `#` at the very beginning of a line, so an indented comment is a name to it, "
    "and nobody can encrypt.",
    "  # the operations team\nalice@example.com\n",
    "Let the `#` be the first character of its line.",
)
TRAILING_COMMENT = _warning(
    "recipients-trailing-comment",
    "a comment behind a name, which the gem takes for a part of it",
    "hiera-eyaml-gpg knows no comments behind names, and does not find the whole on its keyring.",
    "alice@example.com # on leave until May\n",
    "Put the comment on a line of its own, above.",
)
COMMA_LIST = _warning(
    "recipients-comma-list",
    "several recipients in one line",
    "hiera-eyaml-gpg takes the whole line for one name.",
    "alice@example.com, bob@example.com\n",
    "Write one recipient a line.",
)
NOBODY = _error(
    "recipients-nobody",
    "a recipients file that names nobody",
    "It stops the search upwards, so nothing in its folder and below can be encrypted.",
    "# nobody left\n",
    "Add somebody (`eyamlgpg recipients add ID`), or delete the file for the one above it to apply.",
)
SINGLE = _warning(
    "recipients-single",
    "a recipients file with a single reader",
    "When that key is lost, so is every value that the file governs. `check` says it as access-few-people, "
    "where it can.",
    _ALICE,
    "Add a second one: `eyamlgpg recipients add ID`.",
)
WITHOUT_YOU = _warning(
    "recipients-without-you",
    "a recipients file that does not name you",
    "`recipients lint` alone says it, to somebody with a secret key: you cannot read what you write there.",
    _ALICE,
    "If you are to read these values, have somebody who can add you.",
)

RULES = (
    UNKNOWN,
    AMBIGUOUS,
    EMPTY,
    EXPIRED,
    EXPIRING,
    REVOKED,
    UNUSABLE,
    VOID_USER_ID,
    NOT_CERTIFIED,
    CLAIMED_USER_ID,
    comment_differs.RULE,
    NOT_PINNED,
    SHORT_ID,
    PART_OF_NAME,
    DUPLICATE,
    BYTE_ORDER_MARK,
    INDENTED_COMMENT,
    TRAILING_COMMENT,
    COMMA_LIST,
    *roles.RULES,
    overruled.RULE,
    *signatures.RULES,
    NOBODY,
    SINGLE,
    WITHOUT_YOU,
)
"""In the order of the documentation."""
