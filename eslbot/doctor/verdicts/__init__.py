"""What judges: one file a subject. Pure: values that a probe has seen in, findings out."""
