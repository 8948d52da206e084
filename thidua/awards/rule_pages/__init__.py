"""Editing the rule of a plan's criterion: a form, the sentence it means, and whom it hits."""
