"""Vestibule: the front door for OpenClaw gateways."""

__version__ = "0.1.0"
