"""管理员分工: the three separated administrators of a tenant."""
