"""年度考核: the grade of a year, community by community, and what it releases (M9)."""
