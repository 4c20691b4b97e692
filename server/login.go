package server

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
	"golang.org/x/oauth2"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

// loginLife is how long a sign-in at the provider may take, codeLife how long
// the command line has to redeem its code.
const (
	loginLife = 10 * time.Minute
	codeLife  = time.Minute
)

// What sealed state is bound to, so that one kind cannot be sent as another.
var (
	loginPlace = []byte("slipway sign-in")
	codePlace  = []byte("slipway sign-in code")
)

// loginState is what a browser carries, sealed in a cookie, from the start of a
// sign-in to its end.
type loginState struct {
	State     string
	Nonce     string
	Verifier  string // of PKCE with the provider
	ReturnTo  string
	Until     time.Time
	Port      int    // of the command line that waits on loopback; 0 = a browser
	Challenge string // of its PKCE with us
	CLIState  string
}

// loginCode is what the command line gets, sealed, for its session.
type loginCode struct {
	Token     string
	ExpiresAt time.Time
	Challenge string
	Until     time.Time
}

// loginOpenRoutes registers what browsers visit to sign in and out. None of it
// needs a token.
func (s *Server) loginOpenRoutes(e *echo.Echo) {
	e.GET("/auth/login", s.beginLogin, s.withStrangerLimit)
	e.GET(callbackPath, s.endLogin, s.withStrangerLimit)
	e.POST("/auth/logout", s.logout, s.withStrangerLimit)
}

var errNoSignIn = orchestrator.NotFoundf("single sign-on is not set up on this server; use a token")

// beginLogin sends the browser to the provider.
func (s *Server) beginLogin(c echo.Context) error {
	if s.signIn == nil {
		return errNoSignIn
	}
	state := loginState{
		State: randomText(), Nonce: randomText(), Verifier: oauth2.GenerateVerifier(),
		ReturnTo: localPath(c.QueryParam("return_to")), Until: time.Now().Add(loginLife),
	}
	if port := c.QueryParam("cli_port"); port != "" {
		n, err := strconv.Atoi(port)
		state.Port, state.Challenge, state.CLIState = n, c.QueryParam("cli_challenge"), c.QueryParam("cli_state")
		if err != nil || n < 1024 || n > 65535 || len(state.Challenge) != 43 || len(state.CLIState) > 128 {
			return orchestrator.Invalidf("cli_port, cli_challenge: not what `slipway login` sends")
		}
	}
	address, err := s.signIn.address(c.Request().Context(), state)
	if err != nil {
		return err
	}
	sealed, err := s.seal(state, loginPlace)
	if err != nil {
		return err
	}
	s.setCookie(c, s.cookieName("login"), sealed, loginLife)
	return c.Redirect(http.StatusFound, address)
}

// endLogin is where the provider sends the browser back to.
func (s *Server) endLogin(c echo.Context) error {
	if s.signIn == nil {
		return errNoSignIn
	}
	state, err := s.loginStateOf(c)
	if err != nil {
		return err
	}
	s.setCookie(c, s.cookieName("login"), "", -1)
	if problem := c.QueryParam("error"); problem != "" {
		return refused(nil, "the identity provider refused the sign-in: "+shortText(problem+" "+c.QueryParam("error_description")))
	}
	ctx := c.Request().Context()
	claims, err := s.signIn.claims(ctx, c.QueryParam("code"), state)
	if err != nil {
		s.log.WarnContext(ctx, "sign-in failed", "error", err, "request_id", requestID(c))
		return err
	}
	ctx = orchestrator.WithOrigin(ctx, originOf(Route{Method: http.MethodGet, Status: http.StatusFound}, c))
	session, err := s.service.SignIn(ctx, claims, s.signIn.settings.SessionLife, sessionName(c, state.Port > 0))
	if err != nil {
		s.log.WarnContext(ctx, "sign-in refused", "error", err, "issuer", claims.Issuer, "subject", claims.Subject, "request_id", requestID(c))
		return err
	}
	s.log.InfoContext(ctx, "signed in", "user", session.User.ID, "issuer", claims.Issuer, "request_id", requestID(c))
	if state.Port > 0 {
		return s.backToCommandLine(c, state, session)
	}
	s.setCookie(c, s.cookieName("session"), session.Token, time.Until(session.ExpiresAt))
	return c.Redirect(http.StatusFound, state.ReturnTo)
}

// loginStateOf opens the cookie of a sign-in and compares the state in it with
// that in the address, so that nobody can finish somebody else's sign-in here.
func (s *Server) loginStateOf(c echo.Context) (loginState, error) {
	var state loginState
	cookie, err := c.Cookie(s.cookieName("login"))
	if err != nil {
		return state, refused(nil, "this sign-in was not begun in this browser, or took too long; begin again at /auth/login")
	}
	if err := s.unseal(cookie.Value, loginPlace, &state); err != nil || time.Now().After(state.Until) {
		return state, refused(err, "this sign-in took too long; begin again at /auth/login")
	}
	if subtle.ConstantTimeCompare([]byte(state.State), []byte(c.QueryParam("state"))) != 1 {
		return state, refused(nil, "the answer of the identity provider belongs to another sign-in; begin again at /auth/login")
	}
	return state, nil
}

// backToCommandLine hands a code to the command line that waits on this
// machine. The session's token travels sealed, and only who began the sign-in
// can redeem it.
func (s *Server) backToCommandLine(c echo.Context, state loginState, session *orchestrator.Session) error {
	code, err := s.seal(loginCode{
		Token: session.Token, ExpiresAt: session.ExpiresAt, Challenge: state.Challenge, Until: time.Now().Add(codeLife),
	}, codePlace)
	if err != nil {
		return err
	}
	query := url.Values{"code": {code}, "state": {state.CLIState}}
	return c.Redirect(http.StatusFound, "http://127.0.0.1:"+strconv.Itoa(state.Port)+"/?"+query.Encode())
}

// redeemCode gives the command line its session.
func redeemCode(c *Call, in api.RedeemCodeRequest) (api.NewSession, error) {
	if c.server.signIn == nil {
		return api.NewSession{}, errNoSignIn
	}
	var code loginCode
	err := c.server.unseal(in.Code, codePlace, &code)
	sum := sha256.Sum256([]byte(in.Verifier))
	challenge := base64.RawURLEncoding.EncodeToString(sum[:])
	if err != nil || time.Now().After(code.Until) || subtle.ConstantTimeCompare([]byte(challenge), []byte(code.Challenge)) != 1 {
		return api.NewSession{}, refused(err, "the code is not valid, or too old; sign in again")
	}
	return api.NewSession{Token: code.Token, ExpiresAt: api.NewTime(code.ExpiresAt)}, nil
}

// logout ends the session of the cookie, or of the token in the header.
func (s *Server) logout(c echo.Context) error {
	token, fromCookie := s.tokenOf(c)
	if fromCookie {
		if err := s.checkSameOrigin(c.Request()); err != nil {
			return err
		}
		s.setCookie(c, s.cookieName("session"), "", -1)
	}
	if err := s.service.SignOut(c.Request().Context(), token); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

// tokenOf finds the token of a request: in the header, else in the cookie of a
// session.
func (s *Server) tokenOf(c echo.Context) (token string, fromCookie bool) {
	scheme, token, _ := strings.Cut(c.Request().Header.Get("Authorization"), " ")
	if token = strings.TrimSpace(token); token != "" && strings.EqualFold(scheme, "Bearer") {
		return token, false
	}
	if s.signIn == nil || c.Request().Header.Get("Authorization") != "" {
		return "", false
	}
	cookie, err := c.Cookie(s.cookieName("session"))
	if err != nil {
		return "", false
	}
	return cookie.Value, true
}

// checkSameOrigin refuses what a page of another origin had a browser send with
// its cookie. Browsers say so in Sec-Fetch-Site or Origin; a change without
// either is refused too, because whoever sends it could send a token instead.
func (s *Server) checkSameOrigin(r *http.Request) error {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodOptions:
		return nil
	}
	refusal := orchestrator.Forbiddenf("changes with a session cookie are accepted from pages of this server only; send a token in the header Authorization instead")
	if r.Header.Get("Sec-Fetch-Site") == "" && r.Header.Get("Origin") == "" {
		return refusal
	}
	if err := s.crossOrigin.Check(r); err != nil {
		return refusal
	}
	return nil
}

func (s *Server) setCookie(c echo.Context, name, value string, life time.Duration) {
	age := int(life / time.Second)
	if life < 0 {
		age = -1
	}
	c.SetCookie(&http.Cookie{ //nolint:gosec // Secure follows the public address: a cookie that is never sent back helps nobody
		Name: name, Value: value, Path: "/", MaxAge: age,
		HttpOnly: true, Secure: s.overTLS(), SameSite: http.SameSiteLaxMode,
	})
}

func (s *Server) overTLS() bool {
	return s.signIn != nil && strings.HasPrefix(s.signIn.settings.PublicURL, "https://")
}

// cookieName has the prefix with which browsers refuse cookies that a
// subdomain or a plain connection set.
func (s *Server) cookieName(what string) string {
	if s.overTLS() {
		return "__Host-slipway-" + what
	}
	return "slipway-" + what
}

func (s *Server) seal(v any, place []byte) (string, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return "", err
	}
	sealed, err := s.signIn.settings.Sealer.Encrypt(raw, place)
	return base64.RawURLEncoding.EncodeToString(sealed), err
}

func (s *Server) unseal(text string, place []byte, into any) error {
	sealed, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return err
	}
	raw, err := s.signIn.settings.Sealer.Decrypt(sealed, place)
	if err != nil {
		return err
	}
	return json.Unmarshal(raw, into)
}

func randomText() string {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // never fails (crypto/rand)
	return base64.RawURLEncoding.EncodeToString(b)
}

// localPath keeps a sign-in from ending on another server.
func localPath(path string) string {
	parsed, err := url.Parse(path)
	if err != nil || parsed.IsAbs() || parsed.Host != "" || !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") ||
		strings.ContainsAny(path, "\\\r\n\t") {
		return "/"
	}
	return path
}

func shortText(s string) string {
	s = strings.TrimSpace(cleanText(s))
	if runes := []rune(s); len(runes) > 200 {
		return string(runes[:200]) + "..."
	}
	return s
}

// sessionName is what the list of tokens shows of a session.
func sessionName(c echo.Context, commandLine bool) string {
	if commandLine {
		return "slipway login"
	}
	agent := c.Request().UserAgent()
	if agent == "" {
		return "browser"
	}
	return cleanText(agent)
}

// authenticated puts the Actor of a request into its context.
func (s *Server) authenticated(c echo.Context) (context.Context, error) {
	ctx := c.Request().Context()
	token, fromCookie := s.tokenOf(c)
	if token == "" {
		return ctx, orchestrator.Errorf(orchestrator.CodeUnauthenticated, "no token: send the header Authorization: Bearer <token>")
	}
	actor, err := s.service.Authenticate(ctx, token)
	if err != nil {
		return ctx, err
	}
	if fromCookie {
		if err := s.checkSameOrigin(c.Request()); err != nil {
			return ctx, err
		}
	}
	return orchestrator.WithActor(ctx, actor), nil
}
