"""The fast lane of requests for help, before Django: ranks, group commit, work under overload. Imports intake."""
