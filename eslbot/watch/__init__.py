"""Watching the service: metrics, health, logs, alerts. It observes what happened and steers nothing."""
