"""What goes on in calls, as it is shown to whoever looks on: each call folded into messages, and one feed of them for
all readers. Knows no HTTP."""
