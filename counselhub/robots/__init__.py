"""群机器人: what firms and offices tell their own groups at DingTalk or WeCom."""
