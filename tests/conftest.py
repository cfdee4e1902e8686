"""What holds for every test: hypothesis holds no example against a clock, since the machine may be busy with others."""

from hypothesis import HealthCheck, settings

settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")
