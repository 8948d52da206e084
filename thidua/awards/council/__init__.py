"""The council: members, meetings, conflicts of interest, the secret ballot, the count, the minutes.

For callers outside the room: `forming`, `sessions`, `conflicts`, `voting`, `counting`, `minutes`.
"""
