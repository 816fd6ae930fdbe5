"""PostgreSQL and Valkey for a machine that has none: started when somebody needs them.

Whoever needs them holds a lease (a shared lock on a file). The first one starts a *keeper*, a
process of its own that starts both servers and stops them when the last lease is gone. The
kernel lets go of the locks of a process that dies, however it dies, so nothing can wedge this.
"""

from devtools.embedded.lease import EmbeddedServicesError, Lease, are_used_by, lease
from devtools.embedded.places import Places

__all__ = ["EmbeddedServicesError", "Lease", "Places", "are_used_by", "lease"]
