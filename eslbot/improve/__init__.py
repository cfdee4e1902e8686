"""Learning from old calls: their sealed words judged again under another pack, and what people said of the hits.
Steers no call and knows no switch."""
