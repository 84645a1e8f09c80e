"""The rules on the keys of recipients, with their pages; `keys` finds what they are about."""

from eyamlgpg.model.findings import Severity
from eyamlgpg.rules.rule import Rule

_ALICE = "# Alice Anders <alice@example.com>\n51F4BC395EEF5EFE3C19D9ECA006732DF5CE8A4F\n"
_BY_KEYS_CHECK = "Told by `eyamlgpg keys check`, with the number of values that depend on the key."


def _rule(rule: str, severity: Severity, title: str, why: str, mend: str, example: str = _ALICE) -> Rule:
    return Rule(rule, severity, title, f"{why} {_BY_KEYS_CHECK}", example, mend)


MISSING = _rule(
    "key-missing",
    Severity.ERROR,
    "a recipient's key is not on the keyring",
    "Nothing can be encrypted in the folders whose recipients file names it.",
    "Import the key: `eyamlgpg keys import --repo` takes all keys of `.eyamlgpg/keys`, `eyamlgpg keys import FILE` one "
    "that its owner sent.",
    "alcie@example.com\n",
)
AMBIGUOUS = _rule(
    "key-ambiguous",
    Severity.ERROR,
    "a recipient means more than one key",
    "Several keys on the keyring answer to the name, so nobody can say which one is meant.",
    "Write the full fingerprint of the one that is meant; the finding lists them.",
    "grace@example.com\n",
)
REVOKED = _rule(
    "key-revoked",
    Severity.ERROR,
    "a recipient's key was revoked",
    "Its owner said that it must not be used any more, as a rule because it was lost or stolen.",
    "Ask its owner for the new key, and replace it: `eyamlgpg recipients add NEW && eyamlgpg recipients remove OLD`. "
    "If it was stolen, change the secrets that it could read.",
)
EXPIRED = _rule(
    "key-expired",
    Severity.ERROR,
    "a recipient's key has expired",
    "Nothing can be encrypted to it any more, by anybody, until it is extended or replaced.",
    "Its owner extends it (`gpg --quick-set-expire FINGERPRINT 2y`) and sends it again; import that.",
)
EXPIRING = _rule(
    "key-expiring",
    Severity.WARNING,
    "a recipient's key expires soon",
    "Soon is 60 days, or what `--within` says. Once it has expired, nothing can be encrypted to it.",
    "Its owner extends it now (`gpg --quick-set-expire FINGERPRINT 2y`) and sends it again; import that.",
)
UNUSABLE = _rule(
    "key-unusable",
    Severity.ERROR,
    "a recipient's key is disabled or invalid on this keyring",
    "gpg does not encrypt to it here; on another keyring it may be usable.",
    "See `gpg --edit-key FINGERPRINT`: `enable` takes a disabled key into use again.",
)
NO_ENCRYPTION_SUBKEY = _rule(
    "key-no-encryption-subkey",
    Severity.ERROR,
    "a recipient's key has no encryption subkey that is alive",
    "It only signs, or its encryption subkeys have expired or were revoked.",
    "Its owner adds one (`gpg --quick-add-key FINGERPRINT default encrypt 2y`) and sends the key again; import that.",
)
NOT_CERTIFIED = _rule(
    "key-not-certified",
    Severity.ERROR,
    "nobody here certified a recipient's key",
    "That a key belongs to whom it names is sure only if somebody compared the fingerprint and certified it.",
    "Compare the fingerprint with its owner, on the phone or face to face, then: `eyamlgpg keys sign FINGERPRINT`.",
)
CLAIMED_USER_ID = _rule(
    "key-claimed-user-id",
    Severity.ERROR,
    "a recipient's key calls itself by somebody else's name",
    "Anybody can write any user ID on their own key. One of this key's is certified by nobody here, while another key "
    "has that name or address certified.",
    "Ask both owners, and whoever brought the key. If it is one person with two keys, certify the user ID: `eyamlgpg "
    "keys sign FINGERPRINT`. Else remove the recipient.",
)
NEWER_IN_REPOSITORY = _rule(
    "key-newer-in-repository",
    Severity.WARNING,
    "a recipient's key is newer in the repository than on the keyring",
    "The copy in `.eyamlgpg/keys` has what the keyring does not know yet: a new expiry, a new subkey, or a revocation.",
    "Import it: `eyamlgpg keys import --repo`.",
)
WEAK_ALGORITHM = _rule(
    "key-weak-algorithm",
    Severity.ERROR,
    "a recipient's key is weak",
    "Its primary key or an encryption subkey is RSA, DSA or ElGamal of fewer than 2048 bits, which is within reach of "
    "those who can afford it (NIST SP 800-131A).",
    "Its owner makes a new key; replace the old one: `eyamlgpg recipients add NEW && eyamlgpg recipients remove OLD`.",
)
WEAK_SELF_SIGNATURE = _rule(
    "key-weak-self-signature",
    Severity.WARNING,
    "a recipient's key is signed by its owner with a weak hash",
    "Programs of today refuse self-signatures with SHA-1 or MD5, so the key may be unusable on another machine.",
    "Its owner moves the expiry with a gpg of today (`gpg --quick-set-expire FINGERPRINT 2y`), which signs anew, and "
    "sends the key again.",
)
NO_PASSPHRASE = _rule(
    "key-no-passphrase",
    Severity.WARNING,
    "your own secret key has no passphrase",
    "Whoever gets at the disk or a backup of it can read every value that you can. Keys of puppetmasters that "
    "`.eyamlgpg/policy.yaml` declares are meant to be so.",
    "Give it one: `gpg --change-passphrase FINGERPRINT`.",
)

RULES = (
    MISSING,
    AMBIGUOUS,
    REVOKED,
    EXPIRED,
    EXPIRING,
    UNUSABLE,
    NO_ENCRYPTION_SUBKEY,
    NOT_CERTIFIED,
    CLAIMED_USER_ID,
    NEWER_IN_REPOSITORY,
    WEAK_ALGORITHM,
    WEAK_SELF_SIGNATURE,
    NO_PASSPHRASE,
)
"""In the order of the documentation."""
