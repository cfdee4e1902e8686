"""What a person types; one file a noun. Commands import what they need when they run, so that help comes at once."""
