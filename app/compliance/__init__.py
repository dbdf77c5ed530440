"""The law: rules as dated, cited data and the functions that decide by them; pure, fails closed."""
