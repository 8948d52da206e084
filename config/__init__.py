"""Everything that differs between two installations: the settings, the URL map, the WSGI entry."""
