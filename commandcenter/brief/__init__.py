"""The one-page brief of a crisis as a PDF, from the same answers as the minister's page. Imports every room."""
