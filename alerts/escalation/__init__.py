"""What each due step does and whom it calls, and the auditor. Imports alarms, reporting and below."""
