package server_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/internal/secrets"
	"github.com/slipway-dev/slipway/server"
)

// signInServer is a server with single sign-on, reached over HTTP like by a browser.
type signInServer struct {
	*harness
	issuer *issuer
	http   *httptest.Server
}

func newSignInServer(t *testing.T, change func(*server.SignIn)) *signInServer {
	t.Helper()
	s := &signInServer{harness: newHarness(t), issuer: newIssuer(t)}
	keeper, err := secrets.Create(filepath.Join(t.TempDir(), "sign-in.json"))
	require.NoError(t, err)
	s.http = httptest.NewUnstartedServer(nil)
	settings := server.SignIn{
		PublicURL: "http://" + s.http.Listener.Addr().String(), Issuer: s.issuer.server.URL, ClientID: clientID, ClientSecret: clientSecret,
		GroupsClaim: "groups", IDP: "my-idp", Sealer: keeper,
	}
	if change != nil {
		change(&settings)
	}
	s.server = server.New(server.Options{Service: s.service, Version: "test", SignIn: &settings})
	s.http.Config.Handler = s.server.Handler()
	s.http.Start()
	t.Cleanup(s.http.Close)
	return s
}

// browser keeps cookies and follows redirections to the issuer and back, no further.
func (s *signInServer) browser() *http.Client {
	s.t.Helper()
	jar, err := cookiejar.New(nil)
	require.NoError(s.t, err)
	return &http.Client{Jar: jar, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if r.URL.Path == "/authorize" || r.URL.Path == "/auth/callback" {
			return nil
		}
		return http.ErrUseLastResponse
	}}
}

func (s *signInServer) send(c *http.Client, method, path string, header map[string]string) answer {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), method, s.http.URL+path, strings.NewReader(`{"name":"New Name"}`))
	require.NoError(s.t, err)
	for name, value := range header {
		r.Header.Set(name, value)
	}
	got, err := c.Do(r)
	require.NoError(s.t, err)
	body, err := io.ReadAll(got.Body)
	require.NoError(s.t, err)
	require.NoError(s.t, got.Body.Close())
	return answer{t: s.t, Status: got.StatusCode, Header: got.Header, Body: string(body)}
}

func (s *signInServer) login(c *http.Client) answer {
	s.t.Helper()
	return s.send(c, "GET", "/auth/login?return_to=/docs/x", nil)
}

func jo(more map[string]any) map[string]any {
	claims := map[string]any{"sub": "jo-1", "email": "Jo@acme.test", "email_verified": true, "name": "Jo"}
	for name, value := range more {
		claims[name] = value
	}
	return claims
}

func (s *signInServer) invite(email string) {
	s.t.Helper()
	s.do("POST", "/orgs/"+org+"/invitations", `{"email":"`+email+`","role":"member"}`).must(200, nil)
}

func TestSignInAcceptsTheInvitationOfTheAddress(t *testing.T) {
	t.Parallel()
	s := newSignInServer(t, nil)
	s.invite("jo@acme.test")
	s.issuer.as(jo(nil))
	browser := s.browser()
	got := s.login(browser)
	require.Equal(t, http.StatusFound, got.Status, got.Body)
	require.Equal(t, "/docs/x", got.Header.Get("Location"))
	cookie := sessionCookie(t, got)
	require.True(t, cookie.HttpOnly)
	require.Equal(t, http.SameSiteLaxMode, cookie.SameSite)

	var me api.CurrentUser
	s.send(browser, "GET", "/current-user", nil).must(200, &me)
	require.Equal(t, "Jo", me.Name)
	require.Equal(t, "jo@acme.test", me.Email)
	require.Equal(t, map[string]string{"/orgs/acme": "member"}, me.Roles)

	// The subject is known now, whatever the address is.
	s.issuer.as(map[string]any{"sub": "jo-1", "email": "new@acme.test", "email_verified": true})
	again := s.browser()
	require.Equal(t, http.StatusFound, s.login(again).Status)
	var same api.CurrentUser
	s.send(again, "GET", "/current-user", nil).must(200, &same)
	require.Equal(t, me.ID, same.ID)
	require.Equal(t, "new@acme.test", same.Email)

	// A session is a token that can be seen and ended.
	var tokens []api.Token
	s.send(again, "GET", "/users/"+me.ID+"/tokens", nil).must(200, &tokens)
	require.Len(t, tokens, 2)
	require.Equal(t, "session", tokens[0].Type)
	same2 := map[string]string{"Sec-Fetch-Site": "same-origin"}
	s.send(again, "POST", "/auth/logout", nil).fails(403, "Authorization")
	s.send(again, "POST", "/auth/logout", same2).must(204, nil)
	s.send(again, "GET", "/current-user", nil).fails(401)
	s.send(browser, "GET", "/current-user", nil).must(200, nil)
	s.do("DELETE", "/orgs/acme/users/"+me.ID, "").must(204, nil)
	s.send(browser, "GET", "/current-user", nil).fails(401)
	s.login(browser).fails(403, "no organization")
}

func sessionCookie(t *testing.T, a answer) *http.Cookie {
	t.Helper()
	for _, c := range (&http.Response{Header: a.Header}).Cookies() {
		if strings.HasSuffix(c.Name, "slipway-session") {
			return c
		}
	}
	t.Fatal("no session cookie")
	return nil
}

func TestSignInRefuses(t *testing.T) {
	t.Parallel()
	forger, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	s := newSignInServer(t, nil)
	s.invite("jo@acme.test")
	for name, c := range map[string]struct {
		claims map[string]any
		spoil  func(map[string]any)
		forged bool
		status int
	}{
		"a wrong nonce":         {jo(nil), func(c map[string]any) { c["nonce"] = "other" }, false, 401},
		"no nonce":              {jo(nil), func(c map[string]any) { delete(c, "nonce") }, false, 401},
		"an expired token":      {jo(nil), func(c map[string]any) { c["exp"] = time.Now().Add(-time.Hour).Unix() }, false, 401},
		"another audience":      {jo(nil), func(c map[string]any) { c["aud"] = "other" }, false, 401},
		"another issuer":        {jo(nil), func(c map[string]any) { c["iss"] = "https://evil.test" }, false, 401},
		"a forged signature":    {jo(nil), nil, true, 401},
		"an unverified address": {jo(map[string]any{"email_verified": false}), nil, false, 403},
		"no word of it":         {map[string]any{"sub": "x", "email": "jo@acme.test"}, nil, false, 403},
		"an unknown address":    {jo(map[string]any{"sub": "al", "email": "al@acme.test"}), nil, false, 403},
	} {
		s.issuer.as(c.claims)
		s.issuer.mu.Lock()
		s.issuer.spoil = c.spoil
		if c.forged {
			s.issuer.signer = forger
		}
		s.issuer.mu.Unlock()
		browser := s.browser()
		got := s.login(browser)
		require.Equal(t, c.status, got.Status, "%s: %s", name, got.Body)
		s.send(browser, "GET", "/current-user", nil).fails(401)
	}

	// The state belongs to the browser that began.
	s.issuer.as(jo(nil))
	s.send(s.browser(), "GET", "/auth/callback?code=x&state=y", nil).fails(401, "not begun")
	browser := s.browser()
	browser.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	s.login(browser)
	s.send(browser, "GET", "/auth/callback?code=x&state=y", nil).fails(401, "another sign-in")
	s.login(browser)
	s.send(browser, "GET", "/auth/callback?error=access_denied", nil).fails(401)
}

func TestSignInAfterTheIssuerRotatedItsKeys(t *testing.T) {
	t.Parallel()
	s := newSignInServer(t, func(o *server.SignIn) { o.TrustEmails = true })
	s.invite("jo@acme.test")
	s.issuer.as(map[string]any{"sub": "jo-1", "email": "jo@acme.test"})
	require.Equal(t, http.StatusFound, s.login(s.browser()).Status)
	s.issuer.rotate()
	require.Equal(t, http.StatusFound, s.login(s.browser()).Status)
}

func TestSignInLetsGroupsIn(t *testing.T) {
	t.Parallel()
	s := newSignInServer(t, nil)
	s.do("POST", "/orgs/acme/groups", `{"group_id":"platform","idp_id":"my-idp","role":"manager"}`).must(200, nil)
	s.do("POST", "/orgs/acme/groups", `{"group_id":"platform","idp_id":"other-idp","role":"administrator"}`).must(200, nil)
	s.issuer.as(jo(map[string]any{"groups": []string{"platform", "else"}}))
	browser := s.browser()
	require.Equal(t, http.StatusFound, s.login(browser).Status)
	var me api.CurrentUser
	s.send(browser, "GET", "/current-user", nil).must(200, &me)
	require.Equal(t, map[string]string{"/orgs/acme": "manager"}, me.Roles)
	s.issuer.as(jo(map[string]any{"groups": []string{}}))
	s.login(s.browser()).fails(403, "no organization")
}

func TestChangesWithACookieComeFromOurPagesOnly(t *testing.T) {
	t.Parallel()
	s := newSignInServer(t, nil)
	s.invite("jo@acme.test")
	s.issuer.as(jo(nil))
	browser := s.browser()
	require.Equal(t, http.StatusFound, s.login(browser).Status)
	for name, c := range map[string]struct {
		header map[string]string
		status int
	}{
		"a page of ours":            {map[string]string{"Sec-Fetch-Site": "same-origin"}, 200},
		"a page of ours, by Origin": {map[string]string{"Origin": s.http.URL}, 200},
		"another site":              {map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.test"}, 403},
		"a sibling":                 {map[string]string{"Sec-Fetch-Site": "same-site", "Origin": "http://127.0.0.1:1"}, 403},
		"another origin":            {map[string]string{"Origin": "https://evil.test"}, 403},
		"no word of it":             {nil, 403},
		"a wrong header as well":    {map[string]string{"Authorization": "Bearer nonsense", "Sec-Fetch-Site": "same-origin"}, 401},
	} {
		got := s.send(browser, "PATCH", "/current-user", c.header)
		require.Equal(t, c.status, got.Status, "%s: %s", name, got.Body)
	}
}

func TestSessionsEnd(t *testing.T) {
	t.Parallel()
	s := newSignInServer(t, func(o *server.SignIn) { o.SessionLife = time.Millisecond })
	s.invite("jo@acme.test")
	s.issuer.as(jo(nil))
	browser := s.browser()
	got := s.login(browser)
	require.Equal(t, http.StatusFound, got.Status)
	cookie := sessionCookie(t, got)
	require.Eventually(t, func() bool {
		answer, _ := s.raw(cookie.Value, "GET", "/current-user", "")
		return answer.Status == http.StatusUnauthorized
	}, time.Minute, time.Millisecond)
}

func TestCookiesOverTLSAreSecure(t *testing.T) {
	t.Parallel()
	s := newSignInServer(t, func(o *server.SignIn) { o.PublicURL = "https://slipway.example.com" })
	browser := s.browser()
	browser.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	got := s.login(browser)
	require.Contains(t, got.Header.Get("Set-Cookie"), "__Host-slipway-login=")
	require.Contains(t, got.Header.Get("Set-Cookie"), "Secure")
	address, err := url.Parse(got.Header.Get("Location"))
	require.NoError(t, err)
	require.Equal(t, "https://slipway.example.com/auth/callback", address.Query().Get("redirect_uri"))
	for _, evil := range []string{"https://evil.test", "//evil.test", `/\evil.test`, "javascript:alert(1)"} {
		require.Equal(t, http.StatusFound, s.send(browser, "GET", "/auth/login?return_to="+url.QueryEscape(evil), nil).Status)
	}
}

func TestASignInNeverEndsOnAnotherServer(t *testing.T) {
	t.Parallel()
	s := newSignInServer(t, nil)
	s.invite("jo@acme.test")
	s.issuer.as(jo(nil))
	for _, evil := range []string{"https://evil.test", "//evil.test", `/\evil.test`, "javascript:alert(1)", ""} {
		got := s.send(s.browser(), "GET", "/auth/login?return_to="+url.QueryEscape(evil), nil)
		require.Equal(t, "/", got.Header.Get("Location"), evil)
	}
}

func TestTheCommandLineSignsInOverLoopback(t *testing.T) {
	t.Parallel()
	s := newSignInServer(t, nil)
	s.invite("jo@acme.test")
	s.issuer.as(jo(nil))
	verifier := oauth2.GenerateVerifier()
	query := url.Values{"cli_port": {"45678"}, "cli_challenge": {oauth2.S256ChallengeFromVerifier(verifier)}, "cli_state": {"st"}}
	got := s.send(s.browser(), "GET", "/auth/login?"+query.Encode(), nil)
	require.Equal(t, http.StatusFound, got.Status, got.Body)
	back, err := url.Parse(got.Header.Get("Location"))
	require.NoError(t, err)
	require.Equal(t, "127.0.0.1:45678", back.Host)
	require.Equal(t, "st", back.Query().Get("state"))
	code := back.Query().Get("code")
	s.as("", "POST", "/auth/token", `{"code":"`+code+`","verifier":"other"}`).fails(401)
	var session api.NewSession
	s.as("", "POST", "/auth/token", `{"code":"`+code+`","verifier":"`+verifier+`"}`).must(200, &session)
	require.NotEmpty(t, session.Token)
	raw, err := base64.RawURLEncoding.DecodeString(code)
	require.NoError(t, err)
	for _, shown := range []string{code, string(raw)} {
		require.NotContains(t, shown, session.Token, "what passes through the browser is sealed")
	}
	s.as(session.Token, "GET", "/current-user", "").must(200, nil)
	s.send(s.browser(), "GET", "/auth/login?cli_port=80&cli_challenge=x", nil).fails(400)
}

func TestWithoutSingleSignOn(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.as("", "GET", "/auth/login", "").fails(404, "token")
	h.as("", "GET", "/auth/callback", "").fails(404)
	h.as("", "POST", "/auth/token", `{"code":"x","verifier":"y"}`).fails(404)
	h.as(h.token, "POST", "/auth/logout", "").must(204, nil)
	h.as(h.token, "GET", "/current-user", "").must(200, nil) // static tokens are no sessions
}
