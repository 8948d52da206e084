"""Open data: what is on the portal, as tables for machines, described as DCAT asks."""
