"""The wires, as pure functions: no await, no clock, no I/O, no library but the codec's and the signature's."""
