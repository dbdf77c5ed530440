"""What the phone network asks us: signed, machine to machine."""
