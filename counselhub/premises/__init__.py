"""值班场所: room, conditions and notice board of each community, and what is put right there."""
