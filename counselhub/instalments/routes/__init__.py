"""The pages of instalments."""

from counselhub.instalments.routes import contract, lists, money, shared
from counselhub.instalments.routes.blueprint import bp

__all__ = ["bp", "contract", "lists", "money", "shared"]
