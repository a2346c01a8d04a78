"""The doors to rosters: weeks, who is on duty now, gaps, swaps, calendars. Imports roster and below."""
