"""What can start, stop and watch a gateway."""
