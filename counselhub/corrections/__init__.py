"""Corrections of sessions: asked for with a reason, decided by another, both versions kept."""
