/* The names behind which a secret may stand, and the services whose own do. */
#include "core/guard/secrets.h"

const struct secret_named secret_names[] = {
	{ "password", "a password",
	    "(?i:passw(?:or)?ds?|passphrase|passcode|passwort|kennwort|"
	    "contrase\xc3\xb1""a|mot de passe|senha|pwd|"
	    "pass(?=[\"'\\\\\\s:=,<>?+.|])|[_-]pw(?=[\"'\\\\\\s:=]))", SECRET_PASSWORD },
	{ "generic-key", "a key or token", "(?i:secret|token|credentials?|creds|authorization)", SECRET_KEY },
	{ "generic-key", "a key or token", "(?i:key)", SECRET_WEAK }
};
const unsigned nsecret_names = sizeof(secret_names) / sizeof(secret_names[0]);
