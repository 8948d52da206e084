"""Registrations: who joins, whom they help, and the board of who has not sent anything."""
