"""The local phone network, on Twilio's side of the wire; imports nothing of the product."""
