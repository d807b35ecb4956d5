"""Who is attached, what they may hear, and what waits for them."""
