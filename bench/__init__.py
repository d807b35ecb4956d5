"""What Vestibule costs on the road, beside other relays. `python -m bench --help`; README.md explains the method."""
