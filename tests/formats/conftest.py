"""How hypothesis runs in this room."""

from hypothesis import HealthCheck, settings

# A busy machine is no finding; what must be fast says so itself, in processor seconds.
settings.register_profile("formats", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("formats")
