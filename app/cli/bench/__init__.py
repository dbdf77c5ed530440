"""How fast the product is, against named yardsticks; behind `scripts/bench`."""
