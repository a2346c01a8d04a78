"""The queue of emergencies: one query for map and list, narrowed by the filter bar. Imports emergencies and below."""
