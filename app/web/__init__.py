"""HTTP: webhooks, desk, floor, API."""
