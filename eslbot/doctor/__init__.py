"""The doctor: looks at everything a service needs - switch, spool, model, rules, store, disk, keys, backup, clock,
ports, the running service - says what it found, and how to mend it. Changes nothing.

`probes/` look at the world and judge nothing; `verdicts/` judge what was seen and look at nothing; `checks` is the
table that ties each look to its verdict; `running` lets them look side by side, each within its time."""
