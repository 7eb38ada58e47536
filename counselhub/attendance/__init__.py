"""What DingTalk and WeCom recorded: imported or fetched, held against the phone's sessions."""
