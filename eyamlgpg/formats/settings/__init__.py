"""The files of `.eyamlgpg` that people write: the policy and the baseline, read strictly and by line."""
