"""The timeline of what a person may see, and the calendars that programs subscribe to."""
