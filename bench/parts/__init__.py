"""What the benchmarks of the clinic share."""
