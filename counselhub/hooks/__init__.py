"""事件推送: what has happened is told to another program's address, signed, until it has heard."""
