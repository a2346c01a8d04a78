"""The wall screen: a device token, no personal data, three fixed zones. Imports every room."""
