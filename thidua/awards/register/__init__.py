"""The register of awards: entering, looking up, importing old lists, counting, handing out."""
