"""Who may come in and see what: users, roles, memberships, sign-in, audiences. Imports no other room."""
