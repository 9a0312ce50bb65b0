/*
 * Guard kind "secrets": keys, tokens and passwords that should not be in a text.
 *
 * One row is one shape.  What the pattern finds (its group 1 where it has one)
 * is a finding only when it also looks random enough and is no placeholder.
 * Messages name the shape and never the secret.
 */
#include "core/guard/guard.h"

#include <math.h>
#include <stdlib.h>

#include "core/pattern/pattern.h"

extern const struct guard_kind guard_secrets;

enum {
	DIGIT = 1,	/* holds a digit and a letter */
	CLASSES = 2,	/* holds three of: lower, upper, digit, other */
	NO_CODE = 4	/* is no expression: process.env.X, get_token() */
};

struct shape {
	const char	*name;		/* finding.kind */
	const char	*what;
	const char	*pattern;	/* PATTERN_ASCII */
	double		 entropy;	/* bits a character at least; 0: any */
	int		 flags;
	enum severity	 severity;	/* SEVERITY_INFO: the guard's */
	int		 before;	/* bytes before the match that belong to it */
};

#define B62	"[A-Za-z0-9]"
#define URL64	"[A-Za-z0-9_-]"
#define HEX	"[0-9a-f]"
#define STOP	"(?![A-Za-z0-9_])"
#define UUID	HEX "{8}-" HEX "{4}-" HEX "{4}-" HEX "{4}-" HEX "{12}"
/* NAME_KEY = "..." and the like, up to the value. */
#define ASSIGN	"[A-Za-z0-9_. -]{0,24}[\"'`\\]]{0,2}\\s{0,3}(?:=>|:=|=|:)\\s{0,3}[\"'`]?"
#define PEM	"(?:[A-Z0-9]{1,16} ){0,4}PRIVATE KEY(?: BLOCK)?-----"

/* The special ones first: of two shapes over one place the first is told. */
static const struct shape shapes[] = {
	{ "private-key", "a private key",
	    "-----BEGIN " PEM "(?=[\\s\\\\A-Za-z0-9:.,-]{0,200}[A-Za-z0-9+/]{24})"
	    "(?:(?:[\\s\\\\A-Za-z0-9+/=:,.()]|-(?!----))*+-----END " PEM
	    "|(?:(?:\\s|\\\\[nr])*[A-Za-z0-9+/=]{16,})++)",
	    0, 0, SEVERITY_CRITICAL, 0 },
	{ "putty-key", "a PuTTY private key",
	    "PuTTY-User-Key-File-\\d: [^\\n]{1,60}\\n(?s:.{0,8000}?)Private-Lines: \\d+"
	    "(?:\\s+[A-Za-z0-9+/=]{16,})+", 0, 0, SEVERITY_CRITICAL, 0 },
	{ "age-key", "an age secret key",
	    "\\bAGE-SECRET-KEY-1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}" STOP,
	    3, 0, SEVERITY_CRITICAL, 0 },
	/* clouds */
	{ "aws-access-key", "an AWS access key id",
	    "\\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}" STOP, 3, 0, 0, 0 },
	{ "aws-secret-key", "an AWS secret access key",
	    "(?i:\\baws_?secret|\\bsecret_?access_?key)" ASSIGN
	    "([A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])", 4, DIGIT,
	    SEVERITY_CRITICAL, 0 },
	{ "aws-bedrock-key", "an Amazon Bedrock API key",
	    "\\bABSK[A-Za-z0-9+/]{100,270}={0,2}", 3.5, 0, 0, 0 },
	{ "gcp-api-key", "a Google API key", "\\bAIza" URL64 "{35}" STOP,
	    3.5, 0, 0, 0 },
	{ "gcp-oauth-token", "a Google OAuth access token",
	    "\\bya29\\.[A-Za-z0-9_.-]{20,}", 3.5, 0, 0, 0 },
	{ "gcp-client-secret", "a Google OAuth client secret",
	    "\\bGOCSPX-" URL64 "{28}" STOP, 3, 0, 0, 0 },
	{ "gcp-refresh-token", "a Google OAuth refresh token",
	    "(?<![\\w/])1//0" URL64 "{40,}", 3.5, 0, 0, 0 },
	{ "firebase-key", "a Firebase messaging key",
	    "\\bAAAA" URL64 "{7}:" URL64 "{140}" STOP, 4, 0, 0, 0 },
	{ "azure-client-secret", "a Microsoft Entra client secret",
	    "(?<=[A-Za-z0-9_~.]{3})[78]Q~[A-Za-z0-9_~.-]{31,34}"
	    "(?![A-Za-z0-9_~-])", 3.5, 0, 0, 3 },
	{ "azure-storage-key", "an Azure storage account key",
	    "\\bAccountKey=([A-Za-z0-9+/]{86}==)", 4, 0, SEVERITY_CRITICAL, 0 },
	{ "azure-shared-key", "an Azure shared access key",
	    "\\bSharedAccessKey=([A-Za-z0-9+/]{43}=)", 3.5, 0, 0, 0 },
	{ "azure-sas", "an Azure shared access signature",
	    "\\bsig=([A-Za-z0-9%]{43,}%3[Dd])", 3.5, 0, 0, 0 },
	{ "digitalocean-token", "a DigitalOcean token",
	    "\\bdo[opr]_v1_" HEX "{64}" STOP, 3, 0, 0, 0 },
	{ "alibaba-key", "an Alibaba Cloud access key id",
	    "\\bLTAI" B62 "{16,21}" STOP, 3, DIGIT, 0, 0 },
	{ "tencent-key", "a Tencent Cloud secret id",
	    "\\bAKID" B62 "{32}" STOP, 3.5, DIGIT, 0, 0 },
	{ "yandex-key", "a Yandex Cloud API key",
	    "\\bAQVN" URL64 "{35,38}" STOP, 3.5, 0, 0, 0 },
	{ "ibm-key", "an IBM Cloud API key",
	    "(?i:\\bibm)" ASSIGN "(" URL64 "{44})" STOP, 4, DIGIT, 0, 0 },
	{ "cloudflare-origin-key", "a Cloudflare origin CA key",
	    "\\bv1\\.0-" HEX "{24}-" HEX "{146}" STOP, 3, 0, 0, 0 },
	{ "cloudflare-token", "a Cloudflare API token",
	    "(?i:\\bcloudflare|\\bcf_api)" ASSIGN "(" URL64 "{37,40})" STOP,
	    3.5, DIGIT, 0, 0 },
	{ "heroku-key", "a Heroku API key", "\\bHRKU-" URL64 "{36,}", 3, 0, 0, 0 },
	{ "heroku-uuid", "a Heroku API key",
	    "(?i:\\bheroku)" ASSIGN "(" UUID ")" STOP, 2.8, 0, 0, 0 },
	{ "fly-token", "a Fly.io token",
	    "\\b(?:fo1_" URL64 "{43}|fm[12][ar]?_[A-Za-z0-9+/=_-]{80,})",
	    3.5, 0, 0, 0 },
	{ "netlify-token", "a Netlify token", "\\bnfp_" B62 "{36,}" STOP,
	    3, DIGIT, 0, 0 },
	{ "scalingo-token", "a Scalingo token", "\\btk-us-" URL64 "{48}" STOP,
	    3, 0, 0, 0 },
	/* code and packages */
	{ "github-token", "a GitHub personal access token",
	    "\\bghp_" B62 "{36,}", 3, DIGIT, 0, 0 },
	{ "github-oauth-token", "a GitHub OAuth token",
	    "\\bgho_" B62 "{36,}", 3, DIGIT, 0, 0 },
	{ "github-app-token", "a GitHub app token",
	    "\\bgh[us]_" B62 "{36,}", 3, DIGIT, 0, 0 },
	{ "github-refresh-token", "a GitHub refresh token",
	    "\\bghr_" B62 "{36,}", 3, DIGIT, 0, 0 },
	{ "github-fine-token", "a GitHub fine-grained access token",
	    "\\bgithub_pat_[A-Za-z0-9_]{36,}", 3, DIGIT, 0, 0 },
	{ "gitlab-token", "a GitLab access token",
	    "\\bglpat-" URL64 "{20,}(?:\\.[0-9a-z.]{2,12})?", 3, 0, 0, 0 },
	{ "gitlab-other-token", "a GitLab token",
	    "\\bgl(?:dt|rt|rtr|ptt|ft|imt|agent|oas|soat|cbt|ffct)-" URL64 "{20,}",
	    3, 0, 0, 0 },
	{ "bitbucket-app-password", "a Bitbucket app password",
	    "\\bATBB" B62 "{32}" STOP, 3, DIGIT, 0, 0 },
	{ "bitbucket-token", "a Bitbucket access token",
	    "\\bBBDC-[A-Za-z0-9+/@_-]{40,50}", 3, 0, 0, 0 },
	{ "atlassian-token", "an Atlassian API token",
	    "\\bAT[AC]TT3[A-Za-z0-9_=-]{60,}", 3.5, DIGIT, 0, 0 },
	{ "npm-token", "an npm access token", "\\bnpm_" B62 "{36,}" STOP,
	    3, DIGIT, 0, 0 },
	{ "npmrc-token", "a package registry token",
	    "\\b_(?:authToken|auth|password)\\s?=\\s?\"?([A-Za-z0-9+/_=.-]{16,})",
	    3, DIGIT | NO_CODE, 0, 0 },
	{ "pypi-token", "a PyPI token", "\\bpypi-AgE" URL64 "{50,}", 3.5, 0, 0, 0 },
	{ "rubygems-key", "a RubyGems key", "\\brubygems_" HEX "{48}" STOP,
	    3, 0, 0, 0 },
	{ "crates-token", "a crates.io token", "\\bcio" B62 "{32}" STOP,
	    3.5, DIGIT, 0, 0 },
	{ "nuget-key", "a NuGet key", "\\boy2[a-z0-9]{43}" STOP, 3, 0, 0, 0 },
	{ "docker-token", "a Docker access token",
	    "\\bdckr_(?:pat|oat)_" URL64 "{27,}", 3, 0, 0, 0 },
	{ "docker-auth", "a Docker registry login",
	    "\"auth\"\\s{0,4}:\\s{0,4}\"([A-Za-z0-9+/]{16,}={0,2})\"",
	    3, 0, 0, 0 },
	{ "terraform-token", "a Terraform Cloud token",
	    "(?<=\\b" B62 "{14})\\.atlasv1\\." URL64 "{60,}", 3.5, 0, 0, 14 },
	{ "vault-token", "a HashiCorp Vault token",
	    "\\bhv[sbr]\\." URL64 "{24,}", 3, 0, 0, 0 },
	{ "pulumi-token", "a Pulumi token", "\\bpul-" HEX "{40}" STOP, 3, 0, 0, 0 },
	{ "doppler-token", "a Doppler token",
	    "\\bdp\\.(?:pt|st|ct|sa|scim|audit)\\.[A-Za-z0-9._-]{40,}",
	    3, DIGIT, 0, 0 },
	{ "onepassword-token", "a 1Password service token",
	    "\\bops_eyJ[A-Za-z0-9+/=_-]{100,}", 3.5, 0, 0, 0 },
	{ "onepassword-key", "a 1Password secret key",
	    "\\bA3-[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})"
	    "(?:-[A-Z0-9]{5}){3}" STOP, 3, 0, 0, 0 },
	{ "postman-key", "a Postman API key",
	    "\\bPMAK-" HEX "{24}-" HEX "{34}" STOP, 3, 0, 0, 0 },
	{ "sentry-token", "a Sentry token",
	    "\\bsntry(?:s_[A-Za-z0-9+/=_-]{60,}|u_" HEX "{64})", 3, 0, 0, 0 },
	{ "grafana-token", "a Grafana token",
	    "\\bgl(?:sa_" B62 "{32}_[0-9A-Fa-f]{8}|c_eyJ[A-Za-z0-9+/=]{32,})",
	    3, 0, 0, 0 },
	{ "newrelic-key", "a New Relic key",
	    "\\bNR(?:AK|JS|II|IQ|RA)-" URL64 "{19,42}" STOP, 3, 0, 0, 0 },
	{ "datadog-key", "a Datadog key",
	    "(?i:\\bdatadog|\\bdd_(?:api|app))" ASSIGN "(" HEX "{32,40})" STOP,
	    3, 0, 0, 0 },
	{ "dynatrace-token", "a Dynatrace token",
	    "\\bdt0[a-z]\\d\\d\\.[A-Z0-9]{24}\\.[A-Z0-9]{64}" STOP, 3, 0, 0, 0 },
	{ "jfrog-key", "a JFrog key", "\\b(?:AKCp|cmVmd)" B62 "{56,70}" STOP,
	    3.5, 0, 0, 0 },
	{ "buildkite-token", "a Buildkite token", "\\bbk[au]a_" HEX "{40}" STOP,
	    3, 0, 0, 0 },
	{ "circleci-token", "a CircleCI token",
	    "\\bCCIPAT_" B62 "{20,24}_" HEX "{40}" STOP, 3, 0, 0, 0 },
	{ "sonar-token", "a SonarQube token", "\\bsq[upa]_" HEX "{40}" STOP,
	    3, 0, 0, 0 },
	{ "snyk-token", "a Snyk token", "(?i:\\bsnyk)" ASSIGN "(" UUID ")" STOP,
	    2.8, 0, 0, 0 },
	/* money and shops */
	{ "stripe-key", "a Stripe live key", "\\b[sr]k_live_" B62 "{16,}",
	    3, 0, SEVERITY_CRITICAL, 0 },
	{ "stripe-test-key", "a Stripe test key", "\\b[sr]k_test_" B62 "{16,}",
	    3, 0, SEVERITY_MEDIUM, 0 },
	{ "stripe-webhook-secret", "a webhook signing secret",
	    "\\bwhsec_[A-Za-z0-9+/]{24,}={0,2}", 3, 0, 0, 0 },
	{ "square-token", "a Square access token",
	    "\\b(?:sq0atp-" URL64 "{22,}|EAAA" URL64 "{60})" STOP, 3, DIGIT, 0, 0 },
	{ "square-secret", "a Square OAuth secret", "\\bsq0csp-" URL64 "{43}",
	    3, 0, 0, 0 },
	{ "paypal-secret", "a PayPal client secret",
	    "(?i:\\bpaypal)" ASSIGN "(E" URL64 "{79})" STOP, 4, DIGIT, 0, 0 },
	{ "braintree-token", "a PayPal Braintree access token",
	    "\\baccess_token\\$(?:production|sandbox)\\$[0-9a-z]{16}\\$" HEX "{32}"
	    STOP, 3, 0, 0, 0 },
	{ "shopify-token", "a Shopify access token",
	    "\\bshp(?:at|ca|pa|ss|tka)_[0-9A-Fa-f]{32}" STOP, 3, 0, 0, 0 },
	{ "coinbase-key", "a Coinbase key",
	    "(?i:\\bcoinbase)" ASSIGN "(" URL64 "{64})" STOP, 3.5, DIGIT, 0, 0 },
	{ "plaid-token", "a Plaid access token",
	    "\\baccess-(?:sandbox|development|production)-" UUID STOP,
	    3, 0, 0, 0 },
	{ "easypost-key", "an EasyPost key", "\\bEZ[AT]K" B62 "{54}" STOP,
	    3.5, 0, 0, 0 },
	{ "flutterwave-key", "a Flutterwave key",
	    "\\bFLWSECK(?:_TEST)?-" B62 "{12,40}", 3, 0, 0, 0 },
	{ "razorpay-key", "a Razorpay live key", "\\brzp_live_" B62 "{14,}" STOP,
	    3, 0, 0, 0 },
	/* messages */
	{ "slack-token", "a Slack token",
	    "\\bxox[abcdeoprs]-(?:\\d-)?[A-Za-z0-9-]{20,}", 3, DIGIT, 0, 0 },
	{ "slack-config-token", "a Slack configuration token",
	    "\\bxoxe(?:\\.xox[bp])?-\\d-" B62 "{50,}", 3.5, 0, 0, 0 },
	{ "slack-app-token", "a Slack app token",
	    "\\bxapp-\\d-[A-Z0-9]{8,}-\\d+-[A-Za-z0-9]{20,}", 3, 0, 0, 0 },
	{ "slack-webhook", "a Slack webhook address",
	    "\\bhttps://hooks\\.slack(?:-gov)?\\.com/(?:services|workflows|triggers)/"
	    "[A-Za-z0-9+/_-]{36,}", 3.5, 0, 0, 0 },
	{ "discord-webhook", "a Discord webhook address",
	    "\\bhttps://(?:ptb\\.|canary\\.)?discord(?:app)?\\.com/api/webhooks/"
	    "\\d{17,20}/" URL64 "{60,}", 3.5, 0, 0, 0 },
	{ "discord-token", "a Discord bot token",
	    "\\b[MNO]" URL64 "{23,27}\\." URL64 "{6}\\." URL64 "{27,38}" STOP,
	    3.8, DIGIT, 0, 0 },
	{ "teams-webhook", "a Microsoft Teams webhook address",
	    "\\bhttps://[a-z0-9-]{1,60}\\.webhook\\.office\\.com/webhookb2/"
	    "[A-Za-z0-9@/-]{60,}", 3, 0, 0, 0 },
	{ "telegram-token", "a Telegram bot token",
	    "(?<![\\w.])\\d{8,10}:AA" URL64 "{33}" STOP, 3.5, 0, 0, 0 },
	{ "twilio-key", "a Twilio API key", "\\bSK" HEX "{32}" STOP, 3, 0, 0, 0 },
	{ "twilio-token", "a Twilio auth token",
	    "(?i:\\btwilio)" ASSIGN "(" HEX "{32})" STOP, 3, 0, 0, 0 },
	{ "sendgrid-key", "a SendGrid key",
	    "\\bSG\\." URL64 "{16,32}\\." URL64 "{16,64}" STOP, 3.5, DIGIT, 0, 0 },
	{ "mailgun-key", "a Mailgun key",
	    "\\bkey-" HEX "{32}" STOP "|\\b(?=" HEX "{32}-" HEX "{8}-" HEX "{8}"
	    STOP ")" HEX "{32}-" HEX "{8}-" HEX "{8}", 3, DIGIT, 0, 0 },
	{ "mailchimp-key", "a Mailchimp key", "\\b" HEX "{32}-us\\d{1,2}" STOP,
	    3, DIGIT, 0, 0 },
	{ "brevo-key", "a Brevo key",
	    "\\bx(?:keysib|smtpsib)-" HEX "{64}-" B62 "{16}" STOP, 3, 0, 0, 0 },
	{ "twitter-bearer", "an X (Twitter) bearer token",
	    "\\bA{19,22}[A-Za-z0-9%]{60,}", 3, DIGIT, 0, 0 },
	{ "facebook-token", "a Facebook access token",
	    "\\bEAA(?!AA)" B62 "{80,}" STOP, 3.5, DIGIT, 0, 0 },
	/* models */
	{ "anthropic-key", "an Anthropic API key",
	    "\\bsk-ant-(?:[a-z]{2,8}\\d\\d-)?" URL64 "{24,}", 3.5, DIGIT, 0, 0 },
	{ "openrouter-key", "an OpenRouter key",
	    "\\bsk-or-(?:v\\d-)?" HEX "{48,}" STOP, 3, 0, 0, 0 },
	{ "langfuse-key", "a Langfuse secret key", "\\bsk-lf-" UUID STOP,
	    2.8, 0, 0, 0 },
	{ "openai-project-key", "an OpenAI API key",
	    "\\bsk-(?:proj|svcacct|admin|None)-" URL64 "{20,}", 3.5, DIGIT, 0, 0 },
	{ "openai-key", "an OpenAI API key", "\\bsk-" B62 "{32,64}" STOP,
	    3, DIGIT, 0, 0 },
	{ "huggingface-token", "a Hugging Face token",
	    "\\b(?:hf|api_org)_" B62 "{30,40}" STOP, 3.5, 0, 0, 0 },
	{ "groq-key", "a Groq key", "\\bgsk_" B62 "{40,60}" STOP, 3.5, DIGIT, 0, 0 },
	{ "xai-key", "an xAI key", "\\bxai-" B62 "{60,90}" STOP, 3.5, DIGIT, 0, 0 },
	{ "perplexity-key", "a Perplexity key", "\\bpplx-" B62 "{40,60}" STOP,
	    3.5, DIGIT, 0, 0 },
	{ "replicate-token", "a Replicate token", "\\br8_" B62 "{37,40}" STOP,
	    3.5, DIGIT, 0, 0 },
	{ "langsmith-key", "a LangSmith key",
	    "\\bls(?:v2_(?:pt|sk)_" HEX "{32}_" HEX "{10}|__" HEX "{32})" STOP,
	    3, 0, 0, 0 },
	{ "pinecone-key", "a Pinecone key", "\\bpcsk_" URL64 "{40,}", 3.5, 0, 0, 0 },
	{ "nvidia-key", "an NVIDIA API key", "\\bnvapi-" URL64 "{60,70}" STOP,
	    3.5, 0, 0, 0 },
	{ "tavily-key", "a Tavily key", "\\btvly-(?:dev-|prod-)?" B62 "{20,}" STOP,
	    3, DIGIT, 0, 0 },
	{ "elevenlabs-key", "an ElevenLabs key", "\\bsk_" HEX "{48}" STOP,
	    3, 0, 0, 0 },
	{ "fireworks-key", "a Fireworks key", "\\bfw_" B62 "{22,24}" STOP,
	    3.5, DIGIT, 0, 0 },
	{ "model-vendor-key", "a model vendor's key",
	    "(?i:\\b(?:cohere|co_api|mistral|together|deepseek|voyage|ai21|wandb|"
	    "stability|assemblyai|deepgram))" ASSIGN "(" URL64 "{32,64})" STOP,
	    3.5, DIGIT, 0, 0 },
	/* data and offices */
	{ "databricks-token", "a Databricks token", "\\bdapi" HEX "{32}(?:-\\d)?"
	    STOP, 3, 0, 0, 0 },
	{ "snowflake-token", "a Snowflake token", "\\bver:\\d-hint:\\d+-ETMs[A-Za-z0-9+/=]{60,}",
	    3.5, 0, 0, 0 },
	{ "planetscale-token", "a PlanetScale credential",
	    "\\bpscale_(?:tkn|pw|oauth|otkn)_[A-Za-z0-9_.=-]{32,}", 3, 0, 0, 0 },
	{ "supabase-token", "a Supabase key",
	    "\\bsb(?:p_" HEX "{40}|_secret_" URL64 "{20,})", 3, 0, 0, 0 },
	{ "dropbox-token", "a Dropbox token", "\\bsl\\.(?:u\\.)?" URL64 "{130,}",
	    3.5, 0, 0, 0 },
	{ "linear-key", "a Linear key", "\\blin_(?:api|oauth)_" B62 "{40,64}" STOP,
	    3, 0, 0, 0 },
	{ "notion-token", "a Notion token",
	    "\\b(?:secret_" B62 "{43}|ntn_" B62 "{43,46})" STOP, 3.5, 0, 0, 0 },
	{ "airtable-token", "an Airtable token",
	    "\\bpat" B62 "{14}\\." HEX "{64}" STOP, 3.5, 0, 0, 0 },
	{ "figma-token", "a Figma token", "\\bfig[dour]_" URL64 "{40,}", 3, 0, 0, 0 },
	{ "hubspot-token", "a HubSpot token",
	    "\\bpat-(?:na|eu|ap)\\d-" UUID STOP, 3, 0, 0, 0 },
	{ "typeform-token", "a Typeform token", "\\btfp_[A-Za-z0-9_.=-]{40,60}",
	    3, DIGIT, 0, 0 },
	{ "contentful-token", "a Contentful token", "\\bCFPAT-" URL64 "{43}" STOP,
	    3, 0, 0, 0 },
	{ "mapbox-token", "a Mapbox secret token",
	    "\\bsk\\.eyJ" URL64 "{40,}\\." URL64 "{20,}", 3.5, 0, 0, 0 },
	{ "zendesk-token", "a Zendesk token",
	    "(?i:\\bzendesk)" ASSIGN "(" B62 "{40})" STOP, 3.5, DIGIT, 0, 0 },
	{ "okta-token", "an Okta token",
	    "(?i:\\bokta|\\bSSWS)" ASSIGN "(00" URL64 "{40})" STOP, 3.5, DIGIT, 0, 0 },
	{ "deepl-key", "a DeepL key", "\\b" UUID ":fx" STOP, 2.8, 0, 0, 0 },
	{ "tailscale-key", "a Tailscale key",
	    "\\btskey-(?:auth|api|client|scim|webhook)-" B62 "{8,20}-" B62 "{16,}",
	    3, 0, 0, 0 },
	{ "ngrok-token", "an ngrok token",
	    "\\b[12]" B62 "{26}_[A-Za-z0-9]{20,22}" STOP, 4, DIGIT, 0, 0 },
	/* what any system uses */
	{ "jwt", "a JSON Web Token",
	    "\\beyJ" URL64 "{10,}\\.eyJ" URL64 "{10,}\\." URL64 "{16,}", 3.5, 0, 0, 0 },
	{ "database-url", "a database address with its password",
	    "\\b(?:postgres(?:ql)?|mysqlx?|mariadb|mongodb(?:\\+srv)?|rediss?|amqps?|"
	    "mssql|sqlserver|oracle|clickhouse|cockroachdb|couchdb|neo4j|bolt|nats|"
	    "snowflake|ldaps?)(?:\\+[a-z0-9]{1,16})?://[^\\s:/@\"'<>]{0,80}:"
	    "([^\\s/@\"'<>]{3,128})@[A-Za-z0-9\\[]", 0, NO_CODE, 0, 0 },
	{ "url-password", "an address with a password",
	    "\\b(?:https?|ftps?|sftp|ssh|smtps?|imaps?|wss?)://[^\\s:/@\"'<>?#]{1,80}:"
	    "([^\\s/@\"'<>?#]{3,128})@[A-Za-z0-9\\[]", 0, NO_CODE, 0, 0 },
	{ "connection-password", "a connection string's password",
	    "(?i:;\\s?(?:password|pwd)=)([^;\\s\"']{6,64})", 2, NO_CODE, 0, 0 },
	{ "authorization-header", "an Authorization header",
	    "(?i:\\bauthorization[\"']?\\s?[:=]\\s?[\"']?(?:bearer|basic|token)) "
	    "([A-Za-z0-9+/_=.~-]{16,})", 3, DIGIT | NO_CODE, 0, 0 },
	{ "generic-key", "a key or token",
	    "(?i:(?:api|access|secret|auth|private|signing|encryption|master)[_ -]?"
	    "(?:key|token|secret)|client[_ -]?secret|\\btoken|\\bsecret)"
	    "[\"'`\\]]{0,2}\\s{0,3}(?:=>|:=|=|:)\\s{0,3}[\"'`]?"
	    "([A-Za-z0-9+/_=.~-]{20,128})(?![A-Za-z0-9+/_=.~(\\[-])",
	    3.5, DIGIT | NO_CODE, SEVERITY_MEDIUM, 0 },
	{ "password", "a password",
	    "(?i:\\b(?:password|passwd|passphrase|passwort|contrase\xc3\xb1""a)|_(?:password|pwd))"
	    "(?:[\"'`*]{0,2}\\s{0,3}(?:=>|:=|=|:)[*]{0,2}| (?i:is))\\s{0,3}[\"'`]?"
	    "([^\\s\"'`<>,;]{8,64})", 2.5, CLASSES | NO_CODE, SEVERITY_MEDIUM, 0 }
};
#define NSHAPES	(sizeof(shapes) / sizeof(shapes[0]))

/* Parts of what people write where a secret would stand; lower case. */
static const char *const placeholder[] = {
	"example", "xxxx", "your-", "your_", "yourkey", "yourtoken", "yoursecret",
	"yourapi", "placeholder", "redacted", "dummy", "sample", "changeme",
	"change-me", "change_me", "replace", "insert", "goes-here", "goes_here",
	"goeshere", "foobar", "****", "....", "0000000", "1234567890", "12345678",
	"abcdefgh", "abcd1234", "abc123", "deadbeef", "my-secret", "my_secret",
	"mysecret", "api_key_here", "not-a-real", "fake", "_here", "-here"
};
/* A password that is one of these is none. */
static const char *const nopassword[] = {
	"password", "passwd", "pass", "pwd", "secret", "mypassword", "user",
	"username", "token", "key", "root", "admin", "test", "guest", "none",
	"null", "postgres", "mysql", "redis", "pw", "yourpassword", "port"
};

struct secrets {
	struct pattern_set	*set;
	const char *const	*allow;
	size_t			 nallow;
	double			 min_entropy;	/* below 0: each shape's own */
};

static double
entropy(struct slice s)
{
	unsigned count[256] = { 0 };
	double sum = 0, p;
	size_t i;

	for (i = 0; i < s.n; i++)
		count[(unsigned char)s.p[i]]++;
	for (i = 0; i < 256; i++) {
		if (count[i] == 0)
			continue;
		p = (double)count[i] / (double)s.n;
		sum -= p * log2(p);
	}
	return sum;
}

static char
lower(char c)
{
	return (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
}

/* Does s hold word (given in lower case), however it is written? */
static bool
holds(struct slice s, const char *word)
{
	size_t n = strlen(word), i, j;

	for (i = 0; i + n <= s.n; i++) {
		for (j = 0; j < n && lower(s.p[i + j]) == word[j]; j++)
			;
		if (j == n)
			return true;
	}
	return false;
}

static bool
is_placeholder(struct slice s)
{
	size_t i;

	for (i = 0; i < sizeof(placeholder) / sizeof(placeholder[0]); i++)
		if (holds(s, placeholder[i]))
			return true;
	for (i = 0; i < sizeof(nopassword) / sizeof(nopassword[0]); i++)
		if (s.n == strlen(nopassword[i]) && holds(s, nopassword[i]))
			return true;
	for (i = 1; i < s.n && s.p[i] == s.p[0]; i++)
		;
	return i >= s.n || s.p[0] == '<' || s.p[0] == '[' || s.p[0] == '{' ||
	    s.p[0] == '$' || s.p[0] == '%';
}

enum { LOWER = 1, UPPER = 2, NUMBER = 4, OTHER = 8 };

static unsigned
classes(struct slice s)
{
	unsigned seen = 0;
	size_t i;

	for (i = 0; i < s.n; i++) {
		if (s.p[i] >= 'a' && s.p[i] <= 'z')
			seen |= LOWER;
		else if (s.p[i] >= 'A' && s.p[i] <= 'Z')
			seen |= UPPER;
		else if (s.p[i] >= '0' && s.p[i] <= '9')
			seen |= NUMBER;
		else
			seen |= OTHER;
	}
	return seen;
}

/* A name or a call in a program, not a value. */
static bool
is_code(struct slice s)
{
	size_t i;

	for (i = 0; i < s.n; i++)
		if (memchr("({[", s.p[i], 3) != NULL)
			return true;
	return holds(s, "env.") || holds(s, "environ") || holds(s, "config.") ||
	    holds(s, "settings.") || holds(s, "self.") || holds(s, "this.");
}

static bool
flags_hold(int flags, struct slice s)
{
	unsigned seen = classes(s);

	if ((flags & DIGIT) && (!(seen & NUMBER) || !(seen & (LOWER | UPPER))))
		return false;
	if ((flags & CLASSES) && __builtin_popcount(seen) < 3)
		return false;
	return !(flags & NO_CODE) || !is_code(s);
}

static bool
is_allowed(const struct secrets *x, const struct shape *shape, struct slice s,
    struct slice whole)
{
	size_t i;

	for (i = 0; i < x->nallow; i++)
		if (slice_is(s, x->allow[i]) || slice_is(whole, x->allow[i]) ||
		    strcmp(shape->name, x->allow[i]) == 0)
			return true;
	return false;
}

static bool
is_secret(const struct secrets *x, const struct shape *shape, struct slice s)
{
	double min = shape->entropy;

	if (x->min_entropy >= 0 && min > 0)
		min = x->min_entropy;
	return (min <= 0 || entropy(s) >= min) &&
	    flags_hold(shape->flags, s) && !is_placeholder(s);
}

struct hit {
	uint32_t	start, end;
	unsigned	shape;
};

struct secrets_scan {
	const struct secrets	*secrets;
	struct guard_run	*run;
	struct hit		*v;	/* in the arena */
	size_t			 n, cap;
};

static enum status
hit_add(struct secrets_scan *s, struct hit h, struct error *err)
{
	size_t cap = s->cap == 0 ? 16 : s->cap * 2;
	struct hit *v;

	if (s->n == s->cap) {
		if ((v = arena_alloc(s->run->arena, cap * sizeof(*v))) == NULL)
			return error_nomem(err);
		if (s->n > 0)
			memcpy(v, s->v, s->n * sizeof(*v));
		s->v = v;
		s->cap = cap;
	}
	s->v[s->n++] = h;
	return STATUS_OK;
}

static enum status
secrets_found(void *arg, const struct pattern_match *m, struct error *err)
{
	struct secrets_scan *s = arg;
	const struct shape *shape = &shapes[m->id];
	size_t group = m->nspan > 1 && m->span[1][0] != SIZE_MAX ? 1 : 0;
	size_t start = m->span[group][0] - (size_t)shape->before;
	struct slice text = s->run->text, value, whole;

	value.p = text.p + start;
	value.n = m->span[group][1] - start;
	whole.p = text.p + m->span[0][0];
	whole.n = m->span[0][1] - m->span[0][0];
	if (!is_secret(s->secrets, shape, value) ||
	    is_allowed(s->secrets, shape, value, whole))
		return STATUS_OK;
	return hit_add(s, (struct hit){ (uint32_t)start,
	    (uint32_t)m->span[group][1], m->id }, err);
}

static int
hit_cmp(const void *pa, const void *pb)
{
	const struct hit *a = pa, *b = pb;

	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	return a->shape < b->shape ? -1 : a->shape > b->shape;
}

/* Of hits that overlap the one whose shape stands first; the rest goes. */
static size_t
hits_settle(struct hit *v, size_t n)
{
	size_t i, kept = 0;

	qsort(v, n, sizeof(*v), hit_cmp);
	for (i = 0; i < n; i++) {
		if (kept == 0 || v[i].start >= v[kept - 1].end)
			v[kept++] = v[i];
		else if (v[i].shape < v[kept - 1].shape)
			v[kept - 1] = v[i];
	}
	return kept;
}

static enum status
secrets_run(const void *compiled, struct guard_run *r, struct error *err)
{
	struct secrets_scan s = { compiled, r, NULL, 0, 0 };
	const struct shape *shape;
	struct finding *f;
	enum status st;
	size_t i;

	st = pattern_scan(s.secrets->set, r->text, r->scratch, secrets_found,
	    &s, err);
	if (st != STATUS_OK || s.n == 0)
		return st;
	s.n = hits_settle(s.v, s.n);
	for (i = 0; i < s.n; i++) {
		shape = &shapes[s.v[i].shape];
		f = finding_add(r, shape->name, s.v[i].start, s.v[i].end,
		    "looks like %s", shape->what);
		if (f == NULL)
			return finding_stop(r, err);
		if (shape->severity != SEVERITY_INFO)
			f->severity = shape->severity;
	}
	return STATUS_OK;
}

static void
secrets_free(void *compiled)
{
	struct secrets *x = compiled;

	if (x == NULL)
		return;
	pattern_set_free(x->set);
	free(x);
}

static enum status
secrets_compile(const struct guard_config *c, void **out, struct error *err)
{
	const struct option_value *allow = guard_option(c, "allow");
	const struct option_value *min = guard_option(c, "min_entropy");
	struct secrets *x;
	enum status st;
	unsigned id;
	size_t i;

	if (min->set && !(min->number >= 0 && min->number <= 8))
		return error_set(err, STATUS_INVALID,
		    "min_entropy: %g is not from 0 to 8", min->number);
	if ((x = calloc(1, sizeof(*x))) == NULL)
		return error_nomem(err);
	x->allow = allow->list;
	x->nallow = allow->nlist;
	x->min_entropy = min->set ? min->number : -1;
	st = pattern_set_new(&x->set, err);
	for (i = 0; st == STATUS_OK && i < NSHAPES; i++) {
		st = pattern_add(x->set, shapes[i].pattern, PATTERN_ASCII, 0,
		    &id, err);
		if (st != STATUS_OK)
			(void)error_prefix(err, "%s", shapes[i].name);
	}
	if (st == STATUS_OK)
		st = pattern_compile(x->set, err);
	if (st != STATUS_OK) {
		secrets_free(x);
		return st;
	}
	*out = x;
	return STATUS_OK;
}

static const struct option_row secrets_options[] = {
	{ "allow", OPTION_LIST, NULL, false },
	{ "min_entropy", OPTION_NUMBER, NULL, false },
	{ NULL, OPTION_STRING, NULL, false }
};

const struct guard_kind guard_secrets = {
	.name = "secrets",
	.options = secrets_options,
	.severity = SEVERITY_HIGH,
	.cost = 30,
	.reads = READS_EACH,
	.leaves = READS_EACH,
	.private = true,
	.compile = secrets_compile,
	.run = secrets_run,
	.free = secrets_free
};
