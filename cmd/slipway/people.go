package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/slipway-dev/slipway/orchestrator"
	"github.com/slipway-dev/slipway/server"
)

// signIn reads how people sign in; nil means with tokens only.
func signIn(p *parts) (*server.SignIn, error) {
	c := p.cfg
	if c.OIDCIssuer == "" {
		return nil, nil
	}
	if c.OIDCClientID == "" || c.PublicURL == "" {
		return nil, errors.New("single sign-on: --oidc-issuer also needs --oidc-client-id and --public-url")
	}
	secret := os.Getenv("SLIPWAY_OIDC_CLIENT_SECRET")
	if c.OIDCSecretFile != "" {
		raw, err := os.ReadFile(c.OIDCSecretFile)
		if err != nil {
			return nil, fmt.Errorf("single sign-on: read the client secret: %w", err)
		}
		secret = strings.TrimSpace(string(raw))
	}
	return &server.SignIn{
		PublicURL: c.PublicURL, Issuer: c.OIDCIssuer, ClientID: c.OIDCClientID, ClientSecret: secret, Scopes: c.OIDCScopes,
		GroupsClaim: c.OIDCGroupsClaim, IDP: c.OIDCIDP, TrustEmails: c.OIDCTrustEmails, SessionLife: c.SessionLifetime, Sealer: p.keeper,
	}, nil
}

// auditPruneEvery is how often old entries of the audit log are looked for.
const auditPruneEvery = time.Hour

// pruneAuditLog deletes entries of the audit log when they are too old, until
// ctx ends. Any number of servers may do it.
func pruneAuditLog(ctx context.Context, p *parts, service *orchestrator.Service) {
	tick := time.NewTicker(auditPruneEvery)
	defer tick.Stop()
	for {
		n, err := service.PruneAuditLog(ctx, p.cfg.AuditRetention)
		if err != nil && ctx.Err() == nil {
			p.log.Warn("old entries of the audit log could not be deleted; the next round tries again", "error", err)
		}
		if n > 0 {
			p.log.Info("deleted old entries of the audit log", "entries", n, "kept", p.cfg.AuditRetention)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
