"""The words every room speaks: facts, orders, legs, frames, hypotheses, findings. Standard library only, no behaviour
beyond what a word says of itself. Nothing here knows FreeSWITCH, SQL, a socket or a clock."""
