"""The library that seals in this process."""


def openssl_version() -> str:
    """The version of OpenSSL that cryptography brings or uses, in its own words."""
    from cryptography.hazmat.backends.openssl.backend import backend

    return backend.openssl_version_text()


def cryptography_version() -> str:
    """The version of the package cryptography."""
    import cryptography

    return cryptography.__version__
