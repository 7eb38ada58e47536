"""Contracts with communities and street offices."""
