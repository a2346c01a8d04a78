"""The doors to a crisis team: its page, its panel, its acts. Imports team and below."""
