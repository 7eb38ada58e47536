"""通知: who is told what, in the app and by what goes out; each message once."""
