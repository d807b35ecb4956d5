"""Which owners exist, how their gateways are reached, who their members are.

`open_directory(url, home=..., key=SecretKey.load(home), bus=...)`; what comes back is described in `port`.
"""

from vestibule.directory.keys import SecretKey
from vestibule.directory.opening import IN_MEMORY, open_directory
from vestibule.directory.port import Directory

__all__ = ["IN_MEMORY", "Directory", "SecretKey", "open_directory"]
