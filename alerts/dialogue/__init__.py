"""Messages between a citizen and the officers, with the truth about their way. May import emergencies and below."""
