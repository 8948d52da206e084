"""Papers of a body: drafted, reviewed, signed, numbered, issued; papers that arrive; their books and archive.

Apps above draft with `drafting.draft` and hang their objects in with `owners.register`.
"""
