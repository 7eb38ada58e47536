"""访问令牌: how another program signs in, what it may do, until when."""
