"""The words of this house and their rules; pure, no database, no network, no framework."""
