"""The money rules M1 to M17, a file to each noun. Pure: facts in, lines out.

`statement.compute` puts them together; `RULES.md` has the wording of each code.
"""
