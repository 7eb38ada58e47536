"""A firm's appeal to the bureau against a line that the office will not pay."""
