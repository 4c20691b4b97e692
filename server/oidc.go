package server

import (
	"context"
	"crypto/subtle"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"github.com/slipway-dev/slipway/orchestrator"
)

// SignIn is how people sign in with an OpenID Connect provider.
type SignIn struct {
	// PublicURL is where browsers reach this server, without a slash at its end.
	PublicURL    string
	Issuer       string
	ClientID     string
	ClientSecret string   // "" for a public client
	Scopes       []string // default openid, profile, email
	// GroupsClaim names the claim with the groups of a user; "" leaves
	// memberships alone. IDP is the provider's name in groups (idp_id).
	GroupsClaim string
	IDP         string
	// TrustEmails takes e-mail addresses without the claim email_verified for
	// verified ones. One that says false stays unverified.
	TrustEmails bool
	// SessionLife is how long a session lasts; default 12 hours.
	SessionLife time.Duration
	// Sealer protects what the browser carries through a sign-in.
	Sealer Sealer
	// HTTP calls the provider; default a client with a time limit.
	HTTP *http.Client
}

// Sealer encrypts short-lived state.
type Sealer interface {
	Encrypt(plaintext, associatedData []byte) ([]byte, error)
	Decrypt(ciphertext, associatedData []byte) ([]byte, error)
}

const (
	callbackPath       = "/auth/callback"
	defaultSessionLife = 12 * time.Hour
	providerTimeout    = 20 * time.Second
)

// provider speaks with the issuer. It is found at the first sign-in, so that
// the server starts without it.
type provider struct {
	settings SignIn

	mu       sync.Mutex
	oauth    *oauth2.Config
	verifier *oidc.IDTokenVerifier
}

func newProvider(s SignIn) *provider {
	if len(s.Scopes) == 0 {
		s.Scopes = []string{oidc.ScopeOpenID, "profile", "email"}
	}
	if s.SessionLife == 0 {
		s.SessionLife = defaultSessionLife
	}
	if s.HTTP == nil {
		s.HTTP = &http.Client{Timeout: providerTimeout}
	}
	return &provider{settings: s}
}

// client puts the HTTP client into a context for the libraries.
func (p *provider) client(ctx context.Context) context.Context {
	return oidc.ClientContext(ctx, p.settings.HTTP)
}

// discover reads the provider's document once it answers. Keys are fetched by
// the verifier when a token names one that it does not know.
func (p *provider) discover(ctx context.Context) (*oauth2.Config, *oidc.IDTokenVerifier, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.oauth != nil {
		return p.oauth, p.verifier, nil
	}
	// The key set lives longer than the request that finds the provider.
	found, err := oidc.NewProvider(p.client(context.WithoutCancel(ctx)), p.settings.Issuer)
	if err != nil {
		return nil, nil, orchestrator.Wrapf(orchestrator.CodeUnavailable, err, "the identity provider cannot be reached; try again later")
	}
	p.verifier = found.Verifier(&oidc.Config{ClientID: p.settings.ClientID})
	p.oauth = &oauth2.Config{
		ClientID: p.settings.ClientID, ClientSecret: p.settings.ClientSecret, Endpoint: found.Endpoint(),
		RedirectURL: p.settings.PublicURL + callbackPath, Scopes: p.settings.Scopes,
	}
	return p.oauth, p.verifier, nil
}

// address is where the browser signs in.
func (p *provider) address(ctx context.Context, state loginState) (string, error) {
	oauth, _, err := p.discover(ctx)
	if err != nil {
		return "", err
	}
	return oauth.AuthCodeURL(state.State, oidc.Nonce(state.Nonce), oauth2.S256ChallengeOption(state.Verifier)), nil
}

// claims redeems the code of a callback and verifies what the provider says:
// signature, issuer, audience, expiry and nonce.
func (p *provider) claims(ctx context.Context, code string, state loginState) (orchestrator.Claims, error) {
	oauth, verifier, err := p.discover(ctx)
	if err != nil {
		return orchestrator.Claims{}, err
	}
	tokens, err := oauth.Exchange(p.client(ctx), code, oauth2.VerifierOption(state.Verifier))
	if err != nil {
		return orchestrator.Claims{}, refused(err, "the identity provider did not accept the sign-in")
	}
	raw, ok := tokens.Extra("id_token").(string)
	if !ok {
		return orchestrator.Claims{}, refused(nil, "the identity provider sent no ID token; is the scope openid among oidc-scopes?")
	}
	token, err := verifier.Verify(p.client(ctx), raw)
	if err != nil {
		return orchestrator.Claims{}, refused(err, "the ID token of the identity provider is not valid")
	}
	if subtle.ConstantTimeCompare([]byte(token.Nonce), []byte(state.Nonce)) != 1 {
		return orchestrator.Claims{}, refused(nil, "the ID token belongs to another sign-in")
	}
	return p.read(token)
}

func refused(err error, message string) error {
	if err == nil {
		return orchestrator.Errorf(orchestrator.CodeUnauthenticated, "%s", message)
	}
	return orchestrator.Wrapf(orchestrator.CodeUnauthenticated, err, "%s", message)
}

// read takes what Slipway needs from a verified token.
func (p *provider) read(token *oidc.IDToken) (orchestrator.Claims, error) {
	var known struct {
		Email         string `json:"email"`
		EmailVerified any    `json:"email_verified"` // some providers send a string
		Name          string `json:"name"`
		Preferred     string `json:"preferred_username"`
	}
	if err := token.Claims(&known); err != nil {
		return orchestrator.Claims{}, refused(err, "the claims of the ID token cannot be read")
	}
	out := orchestrator.Claims{
		Issuer: token.Issuer, Subject: token.Subject, Email: known.Email, Name: known.Name,
		EmailVerified: fmt.Sprint(known.EmailVerified) == "true" || known.EmailVerified == nil && p.settings.TrustEmails,
	}
	if out.Name == "" {
		out.Name = known.Preferred
	}
	if p.settings.GroupsClaim == "" {
		return out, nil
	}
	var all map[string]any
	if err := token.Claims(&all); err != nil {
		return orchestrator.Claims{}, refused(err, "the claims of the ID token cannot be read")
	}
	out.IDP, out.Groups = p.settings.IDP, []string{}
	switch groups := all[p.settings.GroupsClaim].(type) {
	case string:
		out.Groups = append(out.Groups, groups)
	case []any:
		for _, g := range groups {
			if name, ok := g.(string); ok {
				out.Groups = append(out.Groups, name)
			}
		}
	}
	return out, nil
}
