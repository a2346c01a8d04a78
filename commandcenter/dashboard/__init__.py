"""Pages made of the rooms' panels: the common operating picture and the minister's summary. Imports every room."""
