"""The corridor where the rooms of the journey meet: who plays which role, the machine of a call, its journal, and the
desk that runs one greenlet a call."""
