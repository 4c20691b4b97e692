package config

import (
	"fmt"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// People are the settings of sign-in and audit log.
type People struct {
	PublicURL       string
	TrustedProxies  []netip.Prefix
	OIDCIssuer      string
	OIDCClientID    string
	OIDCSecretFile  string
	OIDCScopes      []string
	OIDCGroupsClaim string
	OIDCIDP         string
	OIDCTrustEmails bool
	SessionLifetime time.Duration
	AuditRetention  time.Duration
}

// PeopleSettings names the settings of People, for Bind.
func PeopleSettings() []string {
	names := make([]string, 0, len(peopleSettings))
	for _, s := range peopleSettings {
		names = append(names, s.flag)
	}
	return names
}

func init() { settings = append(settings, peopleSettings...) }

var peopleSettings = []setting{
	{"public-url", []string{"SLIPWAY_PUBLIC_URL"}, "", "address at which browsers reach the server, such as https://slipway.example.com; single sign-on needs it",
		func(c *Config, s string) error {
			c.PublicURL = strings.TrimSuffix(s, "/")
			parsed, err := url.Parse(c.PublicURL)
			if s != "" && (err != nil || parsed.Host == "" || parsed.Path != "" || parsed.Scheme != "https" && parsed.Scheme != "http") {
				return fmt.Errorf("expected https://host or http://host:port without a path, got %q", s)
			}
			return nil
		},
		func(c Config) string { return c.PublicURL }},
	{"trusted-proxies", []string{"SLIPWAY_TRUSTED_PROXIES"}, "", "CIDRs, comma separated, of proxies in front of the server, whose X-Forwarded-For names the client in the audit log",
		func(c *Config, s string) error {
			c.TrustedProxies = nil
			for text := range strings.FieldsFuncSeq(s, func(r rune) bool { return r == ',' || r == ' ' }) {
				prefix, err := netip.ParsePrefix(text)
				if err != nil {
					return fmt.Errorf("expected CIDRs such as 10.0.0.0/8, got %q", text)
				}
				c.TrustedProxies = append(c.TrustedProxies, prefix)
			}
			return nil
		},
		func(c Config) string {
			var texts []string
			for _, p := range c.TrustedProxies {
				texts = append(texts, p.String())
			}
			return strings.Join(texts, ",")
		}},
	text("oidc-issuer", "SLIPWAY_OIDC_ISSUER", "", "issuer of the OpenID Connect provider that people sign in with; empty leaves tokens only", func(c *Config) *string { return &c.OIDCIssuer }),
	text("oidc-client-id", "SLIPWAY_OIDC_CLIENT_ID", "", "client id there", func(c *Config) *string { return &c.OIDCClientID }),
	text("oidc-client-secret-file", "SLIPWAY_OIDC_CLIENT_SECRET_FILE", "", "file with the client secret (or the variable SLIPWAY_OIDC_CLIENT_SECRET); none for a public client", func(c *Config) *string { return &c.OIDCSecretFile }),
	{"oidc-scopes", []string{"SLIPWAY_OIDC_SCOPES"}, "openid profile email", "scopes to ask for; some providers need one more for groups",
		func(c *Config, s string) error {
			c.OIDCScopes = strings.Fields(strings.ReplaceAll(s, ",", " "))
			return nil
		},
		func(c Config) string { return strings.Join(c.OIDCScopes, " ") }},
	text("oidc-groups-claim", "SLIPWAY_OIDC_GROUPS_CLAIM", "", "claim with the names of a user's groups; empty leaves groups alone", func(c *Config) *string { return &c.OIDCGroupsClaim }),
	text("oidc-idp-id", "SLIPWAY_OIDC_IDP_ID", "oidc", "name of the provider in groups (idp_id)", func(c *Config) *string { return &c.OIDCIDP }),
	{"oidc-trust-emails", []string{"SLIPWAY_OIDC_TRUST_EMAILS"}, "false", "take e-mail addresses for verified when the provider sends no email_verified; only where it lets nobody choose an address freely",
		func(c *Config, s string) (err error) { c.OIDCTrustEmails, err = strconv.ParseBool(s); return err },
		func(c Config) string { return strconv.FormatBool(c.OIDCTrustEmails) }},
	duration("session-lifetime", "SLIPWAY_SESSION_LIFETIME", "12h", "how long a sign-in lasts", time.Minute, func(c *Config) *time.Duration { return &c.SessionLifetime }),
	duration("audit-retention", "SLIPWAY_AUDIT_RETENTION", "9600h", "how long entries of the audit log are kept (9600h are 400 days); 0 keeps all", 0, func(c *Config) *time.Duration { return &c.AuditRetention }),
}
