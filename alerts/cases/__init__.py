"""Cases: complaints and consultations, their clock, opening, re-opening. Imports emergencies, missions, events."""
