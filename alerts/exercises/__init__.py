"""Exercises: drills walled off from live work, scenarios and their player, the mount. Imports all of alerts."""
