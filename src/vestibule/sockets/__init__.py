"""WebSockets on picows: framing, writing, dialling. The one folder of the server that imports it."""
