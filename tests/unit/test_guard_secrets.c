#include "tests/unit/guard_test.h"
#include "tests/unit/values.h"

/*
 * Secrets are made up here, so that none stands in this file: %A36 is 36 of
 * base 62, %a lower case and digits, %C upper case and digits, %u base64url,
 * %h hexadecimal, %d digits, %g a UUID; [ and ] enclose what must be found.
 */
static const struct {
	const char	*kind, *text;
} secret[] = {
	{ "age-key", "[AGE-SECRET-KEY-1QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7LQPZRY9X8GF2TVDW0S3JN54KHCE]" },
	{ "aws-access-key", "id [AKIA%C16], see" },
	{ "aws-access-key", "(\"[ASIA%C16]\")" },
	{ "aws-secret-key", "aws_secret_access_key = [%A40]\n" },
	{ "aws-secret-key", "AWS_SECRET_KEY: \"[%A40]\"" },
	{ "gcp-api-key", "key=[AIza%u35]" },
	{ "gcp-oauth-token", "[ya29.%u60]" },
	{ "gcp-client-secret", "[GOCSPX-%u28]" },
	{ "azure-client-secret", "secret [%A2w8Q~%A34]" },
	{ "azure-client-secret", "[%A2w1Q~%A31]" },
	{ "aws-bedrock-key", "[bedrock-api-key-%A44]" },
	{ "sonar-token", "sonar.login=[%h40]" },
	{ "azure-storage-key", "DefaultEndpointsProtocol=https;AccountKey=[%A86==];" },
	{ "azure-shared-key", "SharedAccessKey=[%A43=]" },
	{ "digitalocean-token", "[dop_v1_%h64]" },
	{ "alibaba-key", "[LTAI%A20]" },
	{ "cloudflare-token", "CLOUDFLARE_API_TOKEN=[%A40]" },
	{ "heroku-uuid", "HEROKU_API_KEY=[%g]" },
	{ "heroku-key", "[HRKU-%u60]" },
	{ "fly-token", "[fo1_%u43]" },
	{ "netlify-token", "[nfp_%A36]" },
	{ "github-token", "Use [ghp_%A36]." },
	{ "github-oauth-token", "[gho_%A36]" },
	{ "github-app-token", "[ghu_%A36]" },
	{ "github-app-token", "https://x-access-token:[ghs_%A36]@github.com/a/b" },
	{ "github-refresh-token", "[ghr_%A76]" },
	{ "github-fine-token", "[github_pat_%A22_%A59]" },
	{ "gitlab-token", "[glpat-%u20]" },
	{ "gitlab-other-token", "[glrt-%u20]" },
	{ "gitlab-other-token", "[gldt-%u20]" },
	{ "bitbucket-app-password", "[ATBB%A32]" },
	{ "atlassian-token", "[ATATT3xFfGF0%A180]" },
	{ "npm-token", "[npm_%A36]" },
	{ "npmrc-token", "//registry.example.com/:_authToken=[%A40]" },
	{ "pypi-token", "[pypi-AgEIcHlwaS5vcmc%u70]" },
	{ "rubygems-key", "[rubygems_%h48]" },
	{ "crates-token", "[cio%A32]" },
	{ "docker-token", "[dckr_pat_%u27]" },
	{ "docker-auth", "{\"auths\":{\"h\":{\"auth\": \"[%A24]\"}}}" },
	{ "terraform-token", "[%A14.atlasv1.%A67]" },
	{ "vault-token", "[hvs.%A90]" },
	{ "doppler-token", "[dp.pt.%A43]" },
	{ "postman-key", "[PMAK-%h24-%h34]" },
	{ "grafana-token", "[glsa_%A32_%h8]" },
	{ "newrelic-key", "[NRAK-%C27]" },
	{ "datadog-key", "DD_API_KEY=[%h32]" },
	{ "stripe-key", "[sk_live_%A24]" },
	{ "stripe-key", "[rk_live_%A99]" },
	{ "stripe-test-key", "[sk_test_%A24]" },
	{ "stripe-webhook-secret", "[whsec_%A32]" },
	{ "square-token", "[sq0atp-%u22]" },
	{ "square-secret", "[sq0csp-%u43]" },
	{ "paypal-secret", "PAYPAL_CLIENT_SECRET=[E%A79]" },
	{ "braintree-token", "[access_token$production$%a16$%h32]" },
	{ "shopify-token", "[shpat_%h32]" },
	{ "slack-token", "[xoxb-%d12-%d12-%A24]" },
	{ "slack-token", "[xoxp-%d12-%d12-%d12-%h32]" },
	{ "slack-app-token", "[xapp-1-A0%C9-%d13-%h64]" },
	{ "slack-webhook", "post to [https://hooks.slack.com/services/T%C8/B%C8/%A24]" },
	{ "discord-webhook", "[https://discord.com/api/webhooks/%d18/%u68]" },
	{ "discord-token", "[MTA%A21.G%A5.%u38]" },
	{ "telegram-token", "bot [%d9:AA%A33]" },
	{ "twilio-key", "[SK%h32]" },
	{ "twilio-token", "TWILIO_AUTH_TOKEN=[%h32]" },
	{ "sendgrid-key", "[SG.%A22.%A43]" },
	{ "sendgrid-key", "[SG.%A66]" },
	{ "mailgun-key", "[key-%h32]" },
	{ "mailchimp-key", "[%h32-us12]" },
	{ "brevo-key", "[xkeysib-%h64-%A16]" },
	{ "anthropic-key", "[sk-ant-api03-%u93AA]" },
	{ "openai-key", "[sk-%A20T3BlbkFJ%A20]" },
	{ "openai-project-key", "[sk-proj-%u124]" },
	{ "openrouter-key", "[sk-or-v1-%h64]" },
	{ "huggingface-token", "[hf_%A34]" },
	{ "groq-key", "[gsk_%A52]" },
	{ "xai-key", "[xai-%A80]" },
	{ "perplexity-key", "[pplx-%A48]" },
	{ "replicate-token", "[r8_%A37]" },
	{ "langsmith-key", "[lsv2_pt_%h32_%h10]" },
	{ "model-vendor-key", "COHERE_API_KEY=[%A40]" },
	{ "model-vendor-key", "mistral key: [%A32]" },
	{ "databricks-token", "[dapi%h32]" },
	{ "linear-key", "[lin_api_%A40]" },
	{ "notion-token", "[ntn_%d11%A35]" },
	{ "airtable-token", "[pat%A14.%h64]" },
	{ "figma-token", "[figd_%u40]" },
	{ "hubspot-token", "[pat-na1-%g]" },
	{ "sentry-token", "[sntryu_%h64]" },
	{ "tailscale-key", "[tskey-auth-%A12-%A32]" },
	{ "jwt", "Bearer [eyJ%A33.eyJ%A80.%u43]" },
	{ "database-url", "postgres://app:[kS8!%A8]@db.internal:5432/app" },
	{ "database-url", "mongodb+srv://root:[hunter22]@cluster0.abc.mongodb.net" },
	{ "database-url", "redis://:[%A12]@10.0.0.7:6379" },
	{ "url-password", "git clone https://ana:[qW8%A9]@git.firm.com/x" },
	{ "authorization-header", "-H 'Authorization: Bearer [%A40]'" },
	{ "generic-key", "api_key = \"[%A32]\"" },
	{ "generic-key", "\"client_secret\": \"[%A40]\"" },
	{ "gitlab-other-token", "[GR1348941%u20]" },
	{ "gitlab-token", "[glpat-%u30.01%a7]" },
	{ "gitlab-session", "Cookie: _gitlab_session=[%a32]" },
	{ "grafana-token", "[glc_%A80]" },
	{ "prefect-key", "[pnu_%A36]" },
	{ "readme-key", "[rdme_%a70]" },
	{ "infracost-key", "[ico-%A32]" },
	{ "openshift-token", "[sha256~%u43]" },
	{ "adobe-secret", "[p8e-%h32]" },
	{ "clojars-token", "[CLOJARS_%h60]" },
	{ "clickhouse-key", "[4b1d%A38]" },
	{ "defined-networking-key", "[dnkey-%a26-%a52]" },
	{ "duffel-token", "[duffel_test_%u43]" },
	{ "frameio-token", "[fio-u-%u64]" },
	{ "authress-key", "[sc_%a10.%a5.acc_%a20.%a60]" },
	{ "authress-key", "[authress_%a10.%a5.acc_%a20.%a60]" },
	{ "generic-key", "curl -H 'Authorization: [%h20]'" },
	{ "maxmind-key", "[%A6_%A29_mmk]" },
	{ "octopus-key", "[API-%C26]" },
	{ "settlemint-token", "[sm_pat_%A16]" },
	{ "shippo-token", "[shippo_live_%h40]" },
	{ "intra42-secret", "[s-s4t2ud-%h64]" },
	{ "sourcegraph-token", "[sgp_local_%h40]" },
	{ "sourcegraph-token", "[sgp_%h40]" },
	{ "harness-token", "[pat.%A22.%A24.%A20]" },
	{ "grafana-key", "[eyJrIjoi%A90]" },
	{ "mapbox-token", "[pk.%a60.%a22]" },
	{ "facebook-app-token", "app [%d15|%A27]" },
	{ "lob-key", "[live_%h35]" },
	{ "azure-key", "the key is [%A52JQQJ99%A26]" },
	{ "azure-key", "[%A76+AStJ%A4A==]" },
	{ "azure-key", "[%A33+ASbB%A5=]" },
	{ "azure-devops-token", "[%A76AZDO%A4]" },
	{ "vault-token", "[s.%A24]" },
	{ "ngrok-token", "[2%A26_%A21]" },
	{ "deepl-key", "[%g:fx]" },
	{ "mailgun-key", "[%h32-%h8-%h8]" },
	{ "telegram-token", "[%d10:AA%A33]" },
	{ "curl-password", "curl -u deploy:[%A12] https://api.firm.com/x" },
	{ "curl-password", "curl -X POST \\\n  --user 'ana:[%A12]' https://x.de" },
	{ "password", "app --db-password=[%A14] run" },
	{ "generic-key", "app --api-token [%A24] run" },
	{ "command-password", "mysql -u root -p[%A12] shop" },
	{ "basic-login", "Authorization: Basic [%A12==]" },
	{ "password-hash", "admin:[$2y$10$%A53]" },
	{ "password-hash", "root:[$6$%A8$%A86]:19000:0" },
	{ "password-hash", "[pbkdf2_sha256$260000$%A12$%A43]" },
	{ "kubernetes-secret", "kind: Secret\nmetadata:\n  name: db\ndata:\n  x: [%A24]" },
	{ "password", "<add key=\"ClearTextPassword\" value=\"[%A12]\" />" },
	{ "password", "{\"name\": \"DB_PASSWORD\", \"value\": \"[%A12]\"}" },
	{ "password", "- name: DB_PASS\n  value: [%A12]" },
	{ "password", "**Password:** `[%A12]`" },
	{ "password", "DB_PASS=[Xk7!%A9]" },
	{ "password", "export PGPASSWORD='[%A12]'" },
	{ "password", "the password for the admin account is [kX9$%A8]." },
	{ "password", "<password>[%A12]</password>" },
	{ "password", "'password' => '[%A12]'," },
	{ "password", "$cfg['pwd'] = \"[%A12]\";" },
	{ "password", "def login(user, password=\"[%A12]\"):" },
	{ "generic-key", "SECRET_KEY_BASE=[%h64]" },
	{ "generic-key", "app_secret = \"[%h32]\"" },
	{ "generic-key", "const token: string = '[%A32]'" },
	{ "generic-key", "my api key is [%A32]" },
	{ "generic-key", "signing-key: [%A32]" },
	{ "generic-key", "encryptionKey=[%h32]" },
	{ "generic-key", "set('session_token', '[%A32]')" },
	{ "generic-key", "api_token: \"[live_pub_key_%h32]\"" },
	{ "password", "MYSQL_ROOT_PASSWORD: [%h32]" },
	{ "password", "the password is [hunter22]" },
	{ "password", "PASSWORD_HASH=[%h32]" },
	{ "command-password", "docker login -u me -p [%A14]" },
	{ "command-password", "machine a.example login me password [%A12]" },
	{ "password", "smtp_pw = \"[%A12]\"" },
	{ "generic-key", "url = \"?token=\" + \"[%A24]\"" },
	{ "generic-key", "ENV APP_TOKEN [%A24]" },
	{ "generic-key", "HMAC_KEY=[%h64]" },
	{ "generic-key", "client_secret: \"[PF?Z0%A8]\"" },
	{ "password", "password: [Tr0ub4dor&3]" },
	{ "password", "The password is [kX9$%A8]" }
};

static uint64_t seed = 88172645463325252u;

static unsigned
draw(unsigned n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (unsigned)(seed >> 33) % n;
}

static const char *
alphabet(char c)
{
	switch (c) {
	case 'A':
		return "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";
	case 'a':
		return "abcdefghijkmnopqrstuvwxyz23456789";
	case 'C':
		return "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
	case 'u':
		return "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz_23456789";
	case 'd':
		return "123456789";
	default:
		return "0123456789abcdef";
	}
}

/* Makes up one secret text; span gets the part within brackets. */
static void
make_up(const char *form, bool same, char *out, char *span)
{
	static const unsigned uuid[] = { 8, 4, 4, 4, 12 };
	const char *abc;
	unsigned n, i;
	char *from = out, *end;
	int dashes;

	*span = '\0';
	for (; *form != '\0'; form++) {
		if (*form == '[') {
			from = out;
		} else if (*form == ']') {
			memcpy(span, from, (size_t)(out - from));
			span[out - from] = '\0';
		} else if (*form == '%') {
			abc = alphabet(form[1]);
			dashes = form[1] == 'g' ? 4 : 0;
			n = form[1] == 'g' ? 8 :
			    (unsigned)strtoul(form + 2, &end, 10);
			form = form[1] == 'g' ? form + 1 : end - 1;
			for (i = 0; i < n; i++)
				*out++ = same ? abc[3] :
				    abc[draw((unsigned)strlen(abc))];
			for (; dashes > 0; dashes--) {
				*out++ = '-';
				for (i = 0; i < uuid[5 - dashes]; i++)
					*out++ = abc[same ? 3 : draw(16)];
			}
		} else {
			*out++ = *form;
		}
	}
	*out = '\0';
}

static void
finds_each_shape(void **state)
{
	char text[1024], span[1024];
	struct guard_test t;
	size_t i, k;

	(void)state;
	guard_test_init(&t, "secrets");
	for (i = 0; i < sizeof(secret) / sizeof(secret[0]); i++)
		for (k = 0; k < 4; k++) {
			make_up(secret[i].text, false, text, span);
			guard_test_one(&t, text, secret[i].kind, span);
			assert_null(memmem(t.found.v[0].message.p,
			    t.found.v[0].message.n, span, strlen(span)));
		}
	guard_test_release(&t);
}

/* What programs, settings and documents write around a name's value. */
static void
finds_values_however_they_are_assigned(void **state)
{
	static const char *const form[] = {
		"%sToken=\"%s\"", "%sToken = %s", "{\n    \"%s_token\": \"%s\"\n}",
		"{\\\"%s_token\\\": \\\"%s\\\"}", "<%sToken>%s</a>",
		"<%sToken>\n    %s\n</a>", "%s_token: '%s'",
		"%s_token: |\n  %s", "%s_token: >\n  %s",
		"string %sToken = \"%s\";", "var %sToken string = \"%s\"",
		"%sToken := `%s`", "$%sToken .= \"%s\"", "%sToken,%s,",
		"  \"%sToken\" => \"%s\"", "%s_TOKEN ::= \"%s\"",
		"%s_TOKEN ?= \"%s\"", "%s_TOKEN += \"%s\"",
		"| %s token | %s |", "%s-secret: \"%s\" # mine",
		"%sToken || '%s'", "set%sToken(\"%s\")"
	};
	static const char *const value[] = {
		"%a16", "%a25", "%h24", "%h40", "%h64", "%A32", "%u43", "%g"
	};
	char text[1024], secret_text[256], none[256];
	struct guard_test t;
	size_t i, k;

	(void)state;
	guard_test_init(&t, "secrets");
	for (i = 0; i < sizeof(form) / sizeof(form[0]); i++)
		for (k = 0; k < sizeof(value) / sizeof(value[0]); k++) {
			make_up(value[k], false, secret_text, none);
			(void)snprintf(text, sizeof(text), form[i], "acme",
			    secret_text);
			guard_test_one(&t, text, "generic-key", secret_text);
		}
	guard_test_release(&t);
}

static void
passes_names_of_what_is_no_secret(void **state)
{
	static const char *const miss[] = {
		"max_tokens=4096", "token_count: 8f3a92b1c77d4e05",
		"public_key = \"9f86d081884c7d659a2feaa0c55ad015\"",
		"next_page_token: 'CAUQAA9f86d081884c7d65'",
		"\"monkey\": \"9f86d081884c7d659a2feaa0c55ad015\"",
		"\"minipass\": \"^7.1.2\"", "password: string = \"\"",
		"token: str = os.environ[\"TOKEN_2\"]",
		"password = getUserInput2()", "pwd=oldPwd2", "pass: ${DB_PASS_1}",
		"password: {{ vault_db_password2 }}", "<password></password>",
		"<input type=\"password\" name=\"field-7\">",
		"const token = await getToken2(user);", "secret: !Ref Secret1",
		"The token is valid for 3600 seconds.", "password: your-password1",
		"Authorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/2015",
		"Authorization: role-based-access-2", "authorization: required",
		"authorization = getAuthorization2(req.headers)",
		"password.encode(\"latin1\")", "Format(pass.Fset, unknownArg)",
		"the password is too short", "passwords: 8-16 characters",
		"\"AWS::IAM::AccessKey\": \"62d91b17309e76c8\"",
		"token = sha256_hash_of_the_file_name2",
		"key: 9f86d081884c7d659a2feaa0c55ad015a1b2c3d4",
		"cache_key=9f86d081884c7d659a2feaa0c55ad015a1b2c3d4",
		"curl -u user:password https://x.de", "curl -u $USER:$PASS https://x.de",
		"curl -u \"<user>:<password>\" https://x.de",
		"secretary: 9f86d081884c7d659a2feaa0c55ad015",
		"api_key = \"https://example.org/a1b2c3d4e5f6\"",
		"--password=${PASSWORD1}", "kind: Secret\ndata: {}\n"
	};
	struct guard_test t;
	size_t i;

	(void)state;
	guard_test_init(&t, "secrets");
	for (i = 0; i < sizeof(miss) / sizeof(miss[0]); i++)
		guard_test_none(&t, miss[i]);
	guard_test_release(&t);
}

/* The same shapes filled with one character are what manuals print. */
static void
passes_what_is_not_random(void **state)
{
	char text[1024], span[1024];
	struct guard_test t;
	size_t i;

	(void)state;
	guard_test_init(&t, "secrets");
	for (i = 0; i < sizeof(secret) / sizeof(secret[0]); i++) {
		if (strstr(secret[i].text, "%") == NULL ||
		    strstr(secret[i].text, "://x-access") != NULL ||
		    strcmp(secret[i].kind, "database-url") == 0 ||
		    strcmp(secret[i].kind, "url-password") == 0 ||
		    strcmp(secret[i].kind, "password") == 0 ||
		    strcmp(secret[i].kind, "braintree-token") == 0)
			continue;
		make_up(secret[i].text, true, text, span);
		guard_test_none(&t, text);
	}
	guard_test_release(&t);
}

static void
passes_near_misses(void **state)
{
	static const char *const miss[] = {
		"AKIAIOSFODNN7EXAMPLE",
		"s.ReadUint24LengthPrefixed(&extra)",
		"aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
		"api_key = \"your-api-key-goes-here-1234\"",
		"OPENAI_API_KEY=sk-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
		"export OPENAI_API_KEY=<your key>",
		"ghp_short", "xghp_A8kd02jfkA8kd02jfkA8kd02jfkA8kd02jfk",
		"postgres://user:password@localhost/db",
		"postgres://user:<password>@localhost/db",
		"postgres://${USER}:${PASS}@localhost/db",
		"mongodb://localhost:27017/test",
		"https://example.com:8080/a@b", "https://example.com/?q=a:b@c.d",
		"password: please choose a long one", "Password: ********",
		"the password is wrong", "password = getpass.getpass()",
		"token = os.environ['API_TOKEN_1']",
		"api_key=process.env.OPENAI_API_KEY_2_FOR_THE_BOT",
		"secret = config.value2.of.something.long",
		"The secret: patience, practice and 3 good friends.",
		"-----BEGIN PRIVATE KEY----- is how the file begins.",
		"-----BEGIN CERTIFICATE-----\nMIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG9w0BAQUFADBaMQsw\n-----END CERTIFICATE-----",
		"-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEabcdEFGH1234\n-----END PUBLIC KEY-----",
		"sk-learn-is-a-library-for-machine-learning-in-python",
		"550e8400-e29b-41d4-a716-446655440000",
		"commit 3b18e512dba79e4c8300dd08aeb37f8e728b8dad",
		"sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
		"data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk",
		"eyJhbGciOiJIUzI1NiJ9 alone is a header",
		"https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX"
	};
	struct guard_test t;
	size_t i;

	(void)state;
	guard_test_init(&t, "secrets");
	for (i = 0; i < sizeof(miss) / sizeof(miss[0]); i++)
		guard_test_none(&t, miss[i]);
	guard_test_release(&t);
}

static void
finds_private_keys_whole_or_cut_off(void **state)
{
	static const char *const head[] = {
		"PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY",
		"OPENSSH PRIVATE KEY", "ENCRYPTED PRIVATE KEY",
		"PGP PRIVATE KEY BLOCK"
	};
	char line[65], key[1024], text[2048], span[65];
	struct guard_test t;
	size_t i;

	(void)state;
	guard_test_init(&t, "secrets");
	for (i = 0; i < sizeof(head) / sizeof(head[0]); i++) {
		make_up("[%A64]", false, line, span);
		(void)snprintf(key, sizeof(key),
		    "-----BEGIN %s-----\n%s\n%s\nQk9=\n-----END %s-----",
		    head[i], line, line, head[i]);
		(void)snprintf(text, sizeof(text), "Here it is:\n%s\nBye.", key);
		guard_test_one(&t, text, "private-key", key);
		assert_int_equal(t.found.v[0].severity, SEVERITY_CRITICAL);
		(void)snprintf(key, sizeof(key),
		    "-----BEGIN %s-----\\n%s\\n%s", head[i], line, line);
		(void)snprintf(text, sizeof(text), "\"%s", key);
		guard_test_one(&t, text, "private-key", key);
	}
	guard_test_release(&t);
}

static void
options_allow_and_raise(void **state)
{
	static const char *const allow[] = { "jwt", "hunter22" };
	char text[1024], span[1024];
	struct guard_test t;

	(void)state;
	guard_test_init(&t, "secrets");
	guard_test_list(&t, "allow", allow, 2);
	guard_test_none(&t, "mysql://root:hunter22@db.firm.com/x");
	guard_test_one(&t, "mysql://root:hunter23@db.firm.com/x",
	    "database-url", "hunter23");
	make_up("eyJ%A33.eyJ%A80.%u43", false, text, span);
	guard_test_none(&t, text);
	guard_test_release(&t);

	guard_test_init(&t, "secrets");
	guard_test_number(&t, "min_entropy", 7);
	make_up("ghp_%A36", false, text, span);
	guard_test_none(&t, text);
	guard_test_release(&t);

	guard_test_init(&t, "secrets");
	guard_test_number(&t, "min_entropy", 9);
	assert_int_equal(guard_test_compile(&t), STATUS_INVALID);
	guard_test_release(&t);
}

static void
tells_several_apart(void **state)
{
	char text[4096], span[1024];
	struct guard_test t;

	(void)state;
	guard_test_init(&t, "secrets");
	make_up("token = \"ghp_%A36\"; // and sk-ant-api03-%u93AA\n"
	    "Authorization: Bearer eyJ%A33.eyJ%A80.%u43", false, text, span);
	assert_int_equal(guard_test_run(&t, text), 3);
	assert_slice(t.found.v[0].kind, "github-token");
	assert_slice(t.found.v[1].kind, "anthropic-key");
	assert_slice(t.found.v[2].kind, "jwt");
	assert_int_equal(t.found.v[0].severity, SEVERITY_HIGH);
	guard_test_release(&t);
}

/* Patterns of our own are not tried when a policy is loaded. */
static void
pcre2_takes_every_pattern_of_ours(void **state)
{
	static const char *const kinds[] = { "secrets", "refusal", "profanity" };
	static const char *const languages[] = { "de", "en", "es", "fr",
	    "it" };
	struct guard_test t;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		guard_test_init(&t, kinds[i]);
		if (strcmp(kinds[i], "profanity") == 0)
			guard_test_list(&t, "languages", languages, 5);
		scratch_form(t.scratch, FILTER_NONE);	/* looks for each */
		guard_test_none(&t, "A line of no interest.");
		guard_test_release(&t);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_each_shape),
		cmocka_unit_test(finds_values_however_they_are_assigned),
		cmocka_unit_test(passes_names_of_what_is_no_secret),
		cmocka_unit_test(passes_what_is_not_random),
		cmocka_unit_test(passes_near_misses),
		cmocka_unit_test(finds_private_keys_whole_or_cut_off),
		cmocka_unit_test(options_allow_and_raise),
		cmocka_unit_test(tells_several_apart),
		cmocka_unit_test(pcre2_takes_every_pattern_of_ours)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
