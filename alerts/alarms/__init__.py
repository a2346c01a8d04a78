"""The alarm register, alarms raised until a named person takes them, and their page. Imports ladders and below."""
