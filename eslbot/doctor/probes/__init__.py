"""What looks: one file a subject. Each gives values for a verdict, never an opinion, and leaves all as it was."""
