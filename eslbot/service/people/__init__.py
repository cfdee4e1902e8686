"""How people reach a running service: each door, who stands behind it, what that takes, and whom the service reaches by
itself. Knows no audio but what the ears say of it."""
