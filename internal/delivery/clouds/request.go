package clouds

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/slipway-dev/slipway/internal/delivery/kubernetes"
	"github.com/slipway-dev/slipway/orchestrator"
)

// send sends a request and reads its JSON answer. what names the question, as in "ask GKE for the cluster main".
func (s *service) send(r *http.Request, what string, answer any) error {
	raw, err := s.fetch(r, what)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(raw, answer); err != nil {
		return orchestrator.Errorf(orchestrator.CodeUnavailable, "%s: the answer is no JSON", what)
	}
	return nil
}

// fetch sends a request. An answer other than 200 is an error: CodeForbidden where credentials or rights are the reason, CodeInvalid for
// what does not exist, CodeUnavailable for what may pass.
func (s *service) fetch(r *http.Request, what string) ([]byte, error) {
	answer, err := s.Client.Do(r)
	if err != nil {
		return nil, orchestrator.Errorf(orchestrator.CodeUnavailable, "%s: %v", what, withoutQuery(err, r))
	}
	defer func() { _ = answer.Body.Close() }()
	raw, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer))
	if err != nil {
		return nil, orchestrator.Errorf(orchestrator.CodeUnavailable, "%s: read the answer: %v", what, err)
	}
	if answer.StatusCode == http.StatusOK {
		return raw, nil
	}
	return nil, refusal(what, answer.StatusCode, raw)
}

// withoutQuery keeps signatures in addresses out of errors.
func withoutQuery(err error, r *http.Request) string {
	return strings.ReplaceAll(err.Error(), r.URL.String(), r.URL.Scheme+"://"+r.URL.Host+r.URL.Path)
}

func refusal(what string, status int, raw []byte) error {
	code := orchestrator.CodeInvalid
	hint := ""
	switch {
	case status == http.StatusTooManyRequests || status >= 500 || strings.Contains(string(raw), "ThrottlingException"): // AWS says 400
		code = orchestrator.CodeUnavailable
	case status == http.StatusUnauthorized || status == http.StatusForbidden || status == http.StatusBadRequest:
		code, hint = orchestrator.CodeForbidden, "; check the credentials and their rights"
	case status == http.StatusNotFound:
		hint = "; check name and place of the cluster in the definition"
	}
	return orchestrator.Errorf(code, "%s: status %d: %s%s", what, status, reason(raw), hint)
}

// reason reads what a service says: the error of OAuth, of Google's and Microsoft's APIs, of AWS in JSON and XML.
func reason(raw []byte) string {
	var body struct {
		Error       any    `json:"error"`
		Description string `json:"error_description"`
		Message     string `json:"message"`
	}
	said := ""
	if json.Unmarshal(raw, &body) == nil {
		switch e := body.Error.(type) {
		case string:
			said = strings.TrimSpace(e + " " + body.Description)
		case map[string]any:
			said, _ = e["message"].(string)
		default:
			said = body.Message
		}
	}
	var document struct {
		Error struct {
			Code    string `xml:"Code"`
			Message string `xml:"Message"`
		} `xml:"Error"`
	}
	if said == "" && xml.Unmarshal(raw, &document) == nil {
		said = strings.TrimSpace(document.Error.Code + " " + document.Error.Message)
	}
	if said == "" {
		return "no reason given"
	}
	line, _, _ := strings.Cut(said, "\n")
	const most = 300
	if len(line) > most {
		line = line[:most] + "..."
	}
	return line
}

// newRequest makes a request; body is a form, or nil.
func newRequest(ctx context.Context, method, at string, form interface{ Encode() string }) (*http.Request, error) {
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	r, err := http.NewRequestWithContext(ctx, method, at, body)
	if err != nil {
		return nil, fmt.Errorf("make a request: %w", err)
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	r.Header.Set("Accept", "application/json")
	return r, nil
}

// fill sets address and authorities as a cloud gave them. The address is empty while the cluster is being made.
func fill(access *kubernetes.Access, server, address, authorities, name string) error {
	if address == "" {
		return orchestrator.Errorf(orchestrator.CodeUnavailable, "cluster %s has no address yet: it is being made", name)
	}
	ca, err := base64.StdEncoding.DecodeString(authorities)
	if err != nil {
		return orchestrator.Errorf(orchestrator.CodeUnavailable, "cluster %s: its certificate authority cannot be read", name)
	}
	access.Server, access.CA = server, ca
	return nil
}
