"""Baseline: the Channels tutorial, applied: a view stores a row and tells the group, each socket has a consumer."""
