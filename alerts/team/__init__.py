"""The crisis team: who is in the room, decisions, tasks, procedures, the meeting. Imports crises and below."""
