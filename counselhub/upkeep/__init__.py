"""运维: the queue as the operator sees it, and whether the service is well."""
