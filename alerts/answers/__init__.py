"""The five answers of a crisis, as one object for every page that shows them. Imports persons and below."""
