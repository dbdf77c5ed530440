"""Twilio's words; the only package that knows them."""
