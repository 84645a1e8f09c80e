"""The files of `.eyamlgpg` that people write: the policy, the people and the baseline, read strictly and by line."""
