"""Subsidy schemes (补贴方案)."""
