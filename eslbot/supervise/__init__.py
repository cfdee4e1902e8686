"""People: what they may ask of the running service, and how they reach it."""
