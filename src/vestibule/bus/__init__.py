"""Announcements between the parts of a door and between replicas."""
