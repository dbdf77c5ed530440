"""A simulated office whose web and clocks are real processes that are killed and started again."""
