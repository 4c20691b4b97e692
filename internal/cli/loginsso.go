package cli

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os/exec"
	"runtime"
	"strconv"
	"time"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/internal/client"
)

// acceptInvitation turns the token of an invitation into one of the API.
func (a *app) acceptInvitation(ctx context.Context, address, invitation string) (string, error) {
	c, err := a.clientFor(address, "")
	if err != nil {
		return "", err
	}
	accepted, err := client.Do[api.AcceptedInvitation](ctx, c, http.MethodPost, "/auth/invitations/accept", api.AcceptInvitationRequest{Token: invitation})
	if err != nil {
		return "", fmt.Errorf("%s did not accept the invitation: %w", address, err)
	}
	return accepted.Token, nil
}

// signInPatience is how long `login --sso` waits for the browser.
const signInPatience = 10 * time.Minute

// signIn has the person sign in with a browser, which comes back to a port that
// only this machine can reach (RFC 8252, section 7.3), and redeems the code it brings.
func (a *app) signIn(ctx context.Context, address string) (string, error) {
	c, err := a.clientFor(address, "")
	if err != nil {
		return "", err
	}
	// A server without single sign-on says so at once, instead of to the browser.
	_, err = client.Do[api.NewSession](ctx, c, http.MethodPost, "/auth/token", api.RedeemCodeRequest{})
	if err != nil && !client.IsStatus(err, http.StatusUnauthorized) {
		return "", fmt.Errorf("sign in at %s: %w", address, err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("listen for the browser: %w", err)
	}
	defer func() { _ = listener.Close() }()
	verifier, state := randomText(), randomText()
	sum := sha256.Sum256([]byte(verifier))
	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		return "", fmt.Errorf("listen for the browser: %w", err)
	}
	query := url.Values{"cli_port": {port}, "cli_state": {state}, "cli_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])}}
	visit := address + "/auth/login?" + query.Encode()
	a.note("sign in with your browser; if it does not open, visit\n" + visit)
	openBrowser(visit)
	code, err := waitForCode(ctx, listener, state)
	if err != nil {
		return "", err
	}
	session, err := client.Do[api.NewSession](ctx, c, http.MethodPost, "/auth/token", api.RedeemCodeRequest{Code: code, Verifier: verifier})
	if err != nil {
		return "", fmt.Errorf("%s did not accept the sign-in: %w", address, err)
	}
	a.note("the sign-in lasts until " + ago(session.ExpiresAt))
	return session.Token, nil
}

// waitForCode serves the one request that brings the code.
func waitForCode(ctx context.Context, listener net.Listener, state string) (string, error) {
	codes := make(chan string, 1)
	server := &http.Server{ReadHeaderTimeout: 10 * time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("state") != state || r.URL.Query().Get("code") == "" {
			http.Error(w, "this is not the end of the sign-in that `slipway login` waits for", http.StatusBadRequest)
			return
		}
		select {
		case codes <- r.URL.Query().Get("code"):
		default:
		}
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = w.Write([]byte("You are signed in. Close this window and go back to the terminal.\n"))
	})}
	go func() { _ = server.Serve(listener) }()
	ctx, cancel := context.WithTimeout(ctx, signInPatience)
	defer cancel()
	select {
	case code := <-codes:
		// Lets the browser have its answer.
		stop, done := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer done()
		_ = server.Shutdown(stop)
		return code, nil
	case <-ctx.Done():
		_ = server.Close()
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			return "", errors.New("nobody signed in within " + strconv.Itoa(int(signInPatience.Minutes())) + " minutes; try again")
		}
		return "", ctx.Err()
	}
}

func randomText() string {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // never fails (crypto/rand)
	return base64.RawURLEncoding.EncodeToString(b)
}

// openBrowser does its best; the address is printed as well.
func openBrowser(address string) {
	program, arguments := "xdg-open", []string{address}
	switch runtime.GOOS {
	case "darwin":
		program = "open"
	case "windows":
		program, arguments = "rundll32", []string{"url.dll,FileProtocolHandler", address}
	}
	if path, err := exec.LookPath(program); err == nil {
		cmd := exec.Command(path, arguments...)
		if cmd.Start() == nil {
			go func() { _ = cmd.Wait() }()
		}
	}
}
