"""What the door serves over HTTP beside its WebSocket."""
