"""Which keys look like credentials, by their words.

Over-masking costs a click on Reveal; under-masking costs a password: in doubt a key is secret.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

# Found anywhere in a key, also run together: "dbpassword", "MYSQL_ROOT_PASSWORD".
_ANYWHERE = (
    "password",
    "passwd",
    "passphrase",
    "passwort",
    "secret",
    "token",
    "credential",
    "apikey",
    "accesskey",
    "privatekey",
    "encryptionkey",
    "signingkey",
    "fernetkey",
    "connectionstring",
    "dockerconfigjson",
    "dockercfg",
    "kubeconfig",
)
# Whole words of a key.
_WORDS = frozenset({"pass", "pwd", "pw", "dsn", "jwt", "psk", "otp", "totp", "salt", "bearer", "authorization", "creds", "cookie", "sas"})
# Whole keys; inside longer ones they mean something else ("auth.enabled").
_ALONE = frozenset({"auth", "basicauth", "pin"})
# "x key" is a secret when x is one of these; "public key", "secret key ref" and "key" alone are not.
# fmt: off
_BEFORE_KEY = frozenset((
    "api", "access", "private", "encryption", "signing", "fernet", "master", "session", "license", "licence", "storage", "account", "auth", "deploy",
    "hmac", "shared", "root", "unseal", "ssh", "tls", "ca", "client", "server", "crypt", "cipher", "aes", "rsa",
))
# The last word says that the value only points at a secret, or says something about one.
_ABOUT = frozenset((
    "name", "names", "ref", "refs", "file", "path", "paths", "url", "uri", "endpoint", "host", "port", "ttl", "expiry", "expiration", "expires",
    "seconds", "minutes", "hours", "days", "duration", "interval", "timeout", "length", "policy", "enabled", "enable", "disabled", "type", "types",
    "provider", "create", "annotations", "labels", "mount", "mounts", "namespace", "namespaces", "audience", "audiences", "issuer", "mode",
    "version", "count", "limit", "size", "format", "selector", "required", "optional", "algorithm", "class", "store", "hash",
))
# fmt: on
# Keys that may be read below a secret-looking mapping, such as `secret: {secretName: web, items: [{key: a, path: b}]}`.
_BELOW = _ABOUT | frozenset({"key", "items", "optional", "kind", "apiversion"})

_SPLIT = re.compile(r"[^A-Za-z0-9]+|(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


@lru_cache(maxsize=4096)
def _words(key: str) -> tuple[str, ...]:
    return tuple(word.lower() for word in _SPLIT.split(key) if word)


@lru_cache(maxsize=4096)
def is_about_secret(key: str) -> bool:
    """Whether the key names or describes a secret instead of holding it: `existingSecret`, `secretName`, `tokenTTL`, `imagePullSecrets`."""
    words = _words(key)
    if not words:
        return False
    if words[0] == "existing" or (words[0] in ("max", "min", "num") and words[-1] == "tokens"):
        return True
    return words[-1] in _ABOUT or words[-2:] in (("pull", "secret"), ("pull", "secrets"))


@lru_cache(maxsize=4096)
def is_plain_below_secret(key: str) -> bool:
    """Whether a single-line value under this key may be read although a key above looks like a credential."""
    words = _words(key)
    return is_about_secret(key) or (bool(words) and words[-1] in _BELOW and not is_secret_key(key))


@lru_cache(maxsize=4096)
def is_secret_key(key: str, *, has_parts: bool = False) -> bool:
    """Whether the key looks like it holds a credential: `password`, `apiKey`, `DB_PASS`, `tls.key`, `clientSecret`.

    Args:
        key: A key, a flag or the name of a variable.
        has_parts: It holds a mapping or a list: `auth: {...}` is a section, `auth: dXNlcjpwYXNz` a credential.
    """
    key = key[:200]
    words = _words(key)
    if not words or is_about_secret(key):
        return False
    joined = "".join(words)
    if joined in _ALONE:
        return not has_parts
    if any(part in joined for part in _ANYWHERE) or not _WORDS.isdisjoint(words):
        return "tokeniz" not in joined
    return any(word in ("key", "keys") and before in _BEFORE_KEY for before, word in pairwise(words))
