"""The demonstration: made-up firms and people on real streets, loaded once without a firm."""

from counselhub.demo.load import load_once

__all__ = ["load_once"]
