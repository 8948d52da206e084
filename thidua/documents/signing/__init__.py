"""Signing PDF files and checking signatures: person first, then number and date, then the body's seal.

`port.Signer` is what signs: a software key here; a token or a signing service fits the same port.
"""
