"""Who stands by the adviser in a community: its liaisons, and posts on its mediation committee."""
