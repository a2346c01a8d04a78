"""The applicant's door to cases: the public form, the status page by number and telephone. Imports cases and below."""
