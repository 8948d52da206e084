"""From the passed list to the certificate on the wall, and back when an award is revoked.

Knows decisions and submissions as papers, what is carried out when such a paper is issued, bonus money,
certificates with their numbers of the golden book, the public check. Hides how all of a list is decided in
one act, how numbers stay without gap, and how a thousand certificates are drawn at once.
"""
