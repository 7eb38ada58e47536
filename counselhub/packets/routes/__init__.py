"""Pages of packets: the sender's, the receiver's, the office's."""

from counselhub.packets.routes import lists, receiving, sending
from counselhub.packets.routes.blueprint import bp

__all__ = ["bp", "lists", "receiving", "sending"]
