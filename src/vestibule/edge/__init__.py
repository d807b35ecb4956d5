"""The edges: who reads the sockets and hands messages to the hub."""
