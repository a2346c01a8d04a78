"""Exercises: drills walled off from live work, their scenario files, the mount. Imports all of alerts but playing."""
