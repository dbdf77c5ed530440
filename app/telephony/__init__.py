"""The phone network behind one port."""
