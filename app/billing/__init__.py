"""The company's billing system, behind one port: orders go out to it, signed, until it has accepted them."""
