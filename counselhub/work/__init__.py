"""后台任务: work of a member that takes minutes: asked for, watched, cancelled, begun again."""
