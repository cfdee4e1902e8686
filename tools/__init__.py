"""Tools that make what eslbot ships; never imported by eslbot itself."""
