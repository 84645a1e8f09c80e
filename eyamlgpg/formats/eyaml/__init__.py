"""The files and the grammar of hiera-eyaml and its GPG plugin: tokens, edit markers, recipients files, settings."""
