"""Load: fills an empty, throw-away database for measurements (`manage.py seed_load`). Imports every room below."""
