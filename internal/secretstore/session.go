package secretstore

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	bao "github.com/openbao/openbao/api/v2"

	"github.com/slipway-dev/slipway/orchestrator"
)

// session is a token that a login gave.
type session struct {
	mu        sync.Mutex // held during a login, so that all wait for one
	token     string
	renewable bool
	ttl       time.Duration // 0: it does not end
	renewAt   time.Time
	endsAt    time.Time
}

// sessions are kept by store and credentials: those of changed credentials are
// not found any more.
type sessions struct {
	mu  sync.Mutex
	all map[string]*session
}

// maxSessions bounds how many are remembered; beyond it all are forgotten,
// which costs a login each.
const maxSessions = 1000

func (s *sessions) get(key string) *session {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.all == nil || len(s.all) >= maxSessions {
		s.all = map[string]*session{}
	}
	if s.all[key] == nil {
		s.all[key] = &session{}
	}
	return s.all[key]
}

func (s *sessions) forget(key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.all, key)
}

func (v vault) sessionKey() string {
	parts := []string{v.at.Store.OrgID, v.at.Store.ID}
	for _, texts := range []map[string]string{v.at.Store.Settings, v.at.Auth} {
		for _, name := range slices.Sorted(maps.Keys(texts)) {
			parts = append(parts, name, texts[name])
		}
		parts = append(parts, "")
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%q", parts)) // quoted, so that no two are written alike
	return hex.EncodeToString(sum[:])
}

// authenticate gives the client a token. fresh says that it is from a login
// just now.
func (v vault) authenticate(ctx context.Context, client *bao.Client) (fresh bool, err error) {
	auth := v.at.Auth
	if auth["token"] != "" {
		client.SetToken(auth["token"])
		return false, nil
	}
	if auth["role"] == "" && auth["role_id"] == "" {
		return false, v.invalid("sign in", "", "it has no credentials; give auth with a token, a role, or role_id and secret_id")
	}
	s := v.b.sessions.get(v.sessionKey())
	s.mu.Lock()
	defer s.mu.Unlock()
	now := v.b.options.Now()
	if s.token != "" && (s.ttl == 0 || now.Before(s.renewAt)) {
		client.SetToken(s.token)
		return false, nil
	}
	if s.token != "" && s.renewable && now.Before(s.endsAt) {
		client.SetToken(s.token)
		if renewed, err := client.Auth().Token().RenewSelfWithContext(ctx, 0); err == nil && renewed.Auth != nil {
			s.take(renewed.Auth, now)
			return false, nil
		}
		client.ClearToken()
	}
	secret, err := v.login(ctx, client)
	if err != nil {
		return false, err
	}
	if secret == nil || secret.Auth == nil || secret.Auth.ClientToken == "" {
		return false, v.invalid("sign in", "", "the login gave no token")
	}
	s.take(secret.Auth, now)
	client.SetToken(s.token)
	return true, nil
}

// take remembers a token. It is renewed after two thirds of its life.
func (s *session) take(auth *bao.SecretAuth, now time.Time) {
	if auth.ClientToken != "" {
		s.token = auth.ClientToken
	}
	s.ttl = time.Duration(auth.LeaseDuration) * time.Second
	s.renewable = auth.Renewable
	s.renewAt, s.endsAt = now.Add(s.ttl*2/3), now.Add(s.ttl)
}

// login uses the auth method that the credentials are for.
func (v vault) login(ctx context.Context, client *bao.Client) (*bao.Secret, error) {
	auth := v.at.Auth
	mount := strings.Trim(auth["mount"], "/")
	if auth["role_id"] != "" {
		body := map[string]any{"role_id": auth["role_id"]}
		if auth["secret_id"] != "" {
			body["secret_id"] = auth["secret_id"]
		}
		return client.Logical().WriteWithContext(ctx, "auth/"+orDefault(mount, "approle")+"/login", body)
	}
	if v.b.options.KubernetesToken == "" {
		return nil, v.invalid("sign in", "", "roles of the Kubernetes auth method need --secret-store-kubernetes-token (SLIPWAY_SECRET_STORE_KUBERNETES_TOKEN)")
	}
	jwt, err := os.ReadFile(v.b.options.KubernetesToken)
	if err != nil {
		return nil, orchestrator.Wrapf(orchestrator.CodeUnavailable, err, "%s: the token of the service account cannot be read", v.about("sign in", ""))
	}
	return client.Logical().WriteWithContext(ctx, "auth/"+orDefault(mount, "kubernetes")+"/login",
		map[string]any{"role": auth["role"], "jwt": strings.TrimSpace(string(jwt))})
}

func orDefault(s, fallback string) string {
	if s == "" {
		return fallback
	}
	return s
}
