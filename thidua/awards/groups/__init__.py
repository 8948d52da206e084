"""Scoring in emulation groups: tables of criteria, a year of a group with its covenant, sheets, the ranking.

For callers outside the room: `tables`, `seasons`, `sheets`, `publishing`.
"""
