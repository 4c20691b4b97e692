package orchestrator

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// httpAction makes one HTTP request. A status from 400 on fails the step; its
// outputs say what came back. A step that is repeated after a crash sends its
// request again, with the same Idempotency-Key.
func httpAction(ctx context.Context, c *pipelineCall) (*pipelineWait, error) {
	target, err := c.needed("url")
	if err != nil {
		return nil, err
	}
	headers, err := c.object("headers")
	if err != nil {
		return nil, err
	}
	header := http.Header{}
	header.Set("Idempotency-Key", c.id("request"))
	body, err := requestBody(c.with["data"], header)
	if err != nil {
		return nil, err
	}
	for name, value := range headers {
		header.Set(name, textOf(value))
	}
	answer, err := c.send(ctx, WebRequest{Method: strings.ToUpper(c.textOr(http.MethodGet, "method")), URL: target, Header: header, Body: body})
	if err != nil {
		return nil, err
	}
	c.output("status_code", answer.Status)
	c.output("headers", headerValues(answer.Header))
	text, value := bodyValue(answer.Body)
	c.output("body", text)
	if value != nil {
		c.output("json", value)
	}
	if answer.Status >= http.StatusBadRequest {
		return nil, Conflictf("the server answered %d %s", answer.Status, http.StatusText(answer.Status))
	}
	return nil, nil
}

// requestBody is the body of a request: text as it is, everything else as JSON.
func requestBody(data any, header http.Header) ([]byte, error) {
	switch v := data.(type) {
	case nil:
		return nil, nil
	case string:
		return []byte(v), nil
	default:
		header.Set("Content-Type", "application/json")
		raw, err := json.Marshal(v)
		if err != nil {
			return nil, Invalidf("with.data: it cannot be sent as JSON")
		}
		return raw, nil
	}
}

func headerValues(h http.Header) map[string]any {
	out := make(map[string]any, len(h))
	for name := range h {
		out[strings.ToLower(name)] = printableText(h.Get(name))
	}
	return out
}

// maxKeptBody bounds how much of an answer is kept as output.
const maxKeptBody = 64 << 10

// bodyValue is an answer's body as text, and its value when it is JSON.
func bodyValue(body []byte) (text string, value any) {
	if len(body) > maxKeptBody {
		return printableText(string(body[:maxKeptBody])), nil
	}
	if json.Unmarshal(body, &value) != nil {
		value = nil
	}
	return printableText(string(body)), value
}

// printableText is text that a database can hold.
func printableText(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "?"), "\x00", "?")
}

// send makes a request and notes it in the log: host and status, never the
// address, which may hold a token.
func (c *pipelineCall) send(ctx context.Context, r WebRequest) (WebAnswer, error) {
	if c.s.web == nil {
		return WebAnswer{}, Invalidf("this process makes no HTTP requests")
	}
	if r.Header == nil {
		r.Header = http.Header{}
	}
	if r.Header.Get("User-Agent") == "" {
		r.Header.Set("User-Agent", "Slipway-Pipeline")
	}
	host := "?"
	if u, err := url.Parse(r.URL); err == nil {
		host = u.Host
	}
	answer, err := c.s.web.Do(ctx, r)
	if CodeOf(err) == CodeUnavailable {
		return answer, c.unanswered(ctx, err)
	}
	if err != nil {
		return answer, err
	}
	c.log("INFO", "%s %s: %d %s", r.Method, host, answer.Status, http.StatusText(answer.Status))
	return answer, nil
}

// busy reports whether a server says that it cannot answer now.
func busy(status int) bool {
	return status == http.StatusTooManyRequests || status >= http.StatusInternalServerError
}

// How often a step asks a server again that does not answer.
const (
	webTries = 5
	webPause = 2 * time.Second
)

// unanswered counts the attempts of a step to reach a server, and gives up after some.
func (c *pipelineCall) unanswered(ctx context.Context, err error) error {
	n, _ := strconv.Atoi(c.state("unanswered"))
	if n+1 >= webTries {
		return Conflictf("%v; it was tried %d times", err, webTries)
	}
	if err := c.remember(ctx, "unanswered", strconv.Itoa(n+1)); err != nil {
		return err
	}
	c.log("WARN", "%v; it is tried again", err)
	return errTryAgain
}

// answered lets the attempts be counted anew.
func (c *pipelineCall) answered() {
	if c.state("unanswered") != "" {
		c.step.State = maps.Clone(c.step.State)
		delete(c.step.State, "unanswered")
	}
}

// errTryAgain lets a step wait a moment and be called again.
var errTryAgain = Errorf(CodeUnavailable, "a server did not answer; the step is tried again")

// json makes a request with a JSON answer; every status but the wanted one is an error.
func (c *pipelineCall) json(ctx context.Context, r WebRequest, want int, into any) error {
	answer, err := c.send(ctx, r)
	if err != nil {
		return err
	}
	if r.Method == http.MethodGet && busy(answer.Status) { // to ask again changes nothing there
		return c.unanswered(ctx, Errorf(CodeUnavailable, "the server answered %d %s", answer.Status, http.StatusText(answer.Status)))
	}
	c.answered()
	if answer.Status != want {
		var said struct {
			Message any `json:"message"`
		}
		_ = json.Unmarshal(answer.Body, &said)
		return Conflictf("the server answered %d %s %s", answer.Status, http.StatusText(answer.Status), textOf(orText(said.Message)))
	}
	if into == nil {
		return nil
	}
	if err := json.Unmarshal(answer.Body, into); err != nil {
		return Conflictf("the answer of the server is no JSON that could be understood")
	}
	return nil
}
