"""How calls are heard: for each one an ear, its audio asked of the switch, sealed, recognised, judged and written down;
and the looks whether each is, and after those that ended unseen. Knows no person."""
