"""What stands: countries, missions, consular areas, headcounts (domain.md section 2).

Rooms inside, each may import the ones to its right: headcounts > directory > countries.
"""
