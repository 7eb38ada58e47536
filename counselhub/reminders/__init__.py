"""到期提醒: what each firm and office is told of in the morning, before it is too late."""
