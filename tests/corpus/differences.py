"""Where we differ from the recordings of the real eyaml on purpose: the reason, and the cases that show it.

docs/compatibility.md holds each row, in the same words; `ours` of each case in fixtures/corpus says what we do instead.
"""

DIFFERENCES = {
    "Puppet reads values with white space inside, so we do, too": (
        "decrypt-e:layouts/block-chomp.eyaml@admin",
        "decrypt-f:layouts/block-chomp.eyaml@admin",
        "decrypt-e:layouts/crlf-block.eyaml@admin",
        "decrypt-f:layouts/crlf-block.eyaml@admin",
        "decrypt-e:layouts/plain-multiline.eyaml@admin",
        "decrypt-f:layouts/plain-multiline.eyaml@admin",
    ),
    "a secret that no text can show stays encrypted in markers": (
        "decrypt-e:plaintexts/binary.eyaml@admin",
        "decrypt-e:plaintexts/binary-first.eyaml@admin",
    ),
    "a secret that holds `]!` or an opener would not come back as it was": ("decrypt-e:plaintexts/hazard.eyaml@admin",),
    "plain output is bytes, whatever they are": ("decrypt-f:plaintexts/binary.eyaml@admin",),
    "a file need not be UTF-8": (
        "decrypt-e:plaintexts/latin1-file.eyaml@admin",
        "decrypt-f:plaintexts/latin1-file.eyaml@admin",
    ),
    "PKCS7 values are kept byte for byte": (
        "decrypt-e:pkcs7/mixed.eyaml@admin",
        "decrypt-f:pkcs7/mixed.eyaml@admin",
        "decrypt-e:pkcs7/schemeless.eyaml@admin",
        "decrypt-f:pkcs7/schemeless.eyaml@admin",
        "decrypt-e:pkcs7/lower.eyaml@admin",
        "decrypt-f:pkcs7/lower.eyaml@admin",
    ),
    "a misspelt output is wrong usage": ("encrypt:s-bogus", "encrypt:s-bogus-label"),
    "an empty marker is the empty secret": ("encrypt:e-decs",),
    "a value that was moved into a block, or out of one, goes where it was moved": (
        "edit:block-to-string",
        "edit:string-to-block",
    ),
    "line ends are no reason to touch a value": ("edit:editor-makes-crlf",),
    "a final newline that the file did not have is not added": ("edit:no-final-nl-edit",),
    "one value that cannot be decrypted does not stop the others": ("recrypt:undecryptable",),
    "a block keeps its width": ("recrypt:wide-block",),
}
