"""What has to be done for one emergency, five tasks with who, when and result. Imports emergencies and below."""
