"""Rückruf: a consumer hotline that keeps its word."""
