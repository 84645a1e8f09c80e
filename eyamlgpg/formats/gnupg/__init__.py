"""The texts that gpg writes and reads beside messages: listings, status lines, the parameters of a new key."""
