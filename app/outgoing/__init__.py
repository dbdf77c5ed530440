"""Events go out to addresses that administrators gave: signed, and never to a place that only we can reach."""
