"""Targets that watch themselves: bound to indicators, judged against values, drawn against their line."""
