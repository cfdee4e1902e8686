"""From a call's audio to each leg's words: the sources (spool, audio fork), voice activity, the recogniser.
Knows no rule, no switch command and no recording; what it finds it tells through callbacks."""
