"""Upstream: one connection per owner to the owner's gateway, and the pool that holds them."""
