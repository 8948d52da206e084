"""Codes and sealed papers: what a box holds while voting is open, and who can open it.

A paper is sealed twice, once for each of two holders of a key: X25519 with a new key each time, HKDF-SHA256,
ChaCha20-Poly1305. All papers of a box have one length. A key is made from a code that is never stored. Pure
but for chance. The threats are in decision 0021.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from thidua.criteria.vote_packages import MARK_LENGTH, Choice, plain_code

#: Crockford's letters: none that reads like another.
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
#: 20 letters of 5 bits.
KEY_LETTERS = 20
#: 16 letters of 5 bits.
RECEIPT_LETTERS = 16
_KEY_BYTES = 32
#: Each sealing key is used once, so the nonce may stand still.
_NONCE = bytes(12)
_CHOICES = {Choice.YES: b"y", Choice.NO: b"n", Choice.BLANK: b"b"}


class WrongKey(ValueError):
    """The codes do not open the box."""


def new_key_code() -> str:
    return _grouped(KEY_LETTERS)


def new_receipt_code() -> str:
    return _grouped(RECEIPT_LETTERS)


def _grouped(count: int) -> str:
    """Letters of chance in groups of four: "7K3M-…"."""
    letters = "".join(secrets.choice(LETTERS) for _ in range(count))
    return "-".join(letters[at : at + 4] for at in range(0, count, 4))


def public_of(code: str) -> str:
    """The public half of the key of a code, in hexadecimal."""
    return _private(code).public_key().public_bytes_raw().hex()


def _private(code: str) -> X25519PrivateKey:
    seed = hashlib.sha256(f"thidua box key|{plain_code(code)}".encode()).digest()
    return X25519PrivateKey.from_private_bytes(seed)


def seal(mark: str, choice: Choice, *, publics: Sequence[str], question: int) -> str:
    """A paper that only the holders of all keys together can read; in hexadecimal."""
    if len(mark) != MARK_LENGTH:
        raise ValueError("a mark of the wrong length would tell papers apart")
    sealed = mark.encode() + _CHOICES[choice]
    for public in publics:
        own = X25519PrivateKey.generate()
        other = X25519PublicKey.from_public_bytes(bytes.fromhex(public))
        key = _shared(own.exchange(other), own.public_key().public_bytes_raw(), question)
        sealed = own.public_key().public_bytes_raw() + ChaCha20Poly1305(key).encrypt(_NONCE, sealed, None)
    return sealed.hex()


def opened(sealed: str, *, codes: Sequence[str], question: int) -> tuple[str, Choice]:
    """Mark and choice of a sealed paper; `codes` in the order of the publics. Raises WrongKey."""
    raw = bytes.fromhex(sealed)
    for code in reversed(codes):
        public, raw = raw[:_KEY_BYTES], raw[_KEY_BYTES:]
        key = _shared(_private(code).exchange(X25519PublicKey.from_public_bytes(public)), public, question)
        try:
            raw = ChaCha20Poly1305(key).decrypt(_NONCE, raw, None)
        except InvalidTag:
            raise WrongKey("phiếu không mở được bằng hai mã này") from None
    choices = {letter: choice for choice, letter in _CHOICES.items()}
    return raw[:MARK_LENGTH].decode(), choices[raw[MARK_LENGTH:]]


def _shared(secret: bytes, public: bytes, question: int) -> bytes:
    info = b"thidua ballot|" + str(question).encode() + b"|" + public
    return HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=info).derive(secret)


def digest_of(sealed: Sequence[str]) -> str:
    """SHA-256 over all papers of a box, in the order of their bytes, which says nothing of when they came."""
    return hashlib.sha256("\n".join(sorted(sealed)).encode()).hexdigest()
