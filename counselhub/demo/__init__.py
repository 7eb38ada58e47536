"""The demonstration: made-up firms and people on real streets, loaded once into an empty service."""

from counselhub.demo.load import load_once

__all__ = ["load_once"]
