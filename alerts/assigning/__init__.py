"""Who answers for an emergency: override of the mission, hand-over and back. Imports emergencies, directory, outbox."""
