"""The only place that runs gpg: bytes in, model types out, gpg's statuses mapped to our errors."""
