package template

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/slipway-dev/slipway/drivers"
)

// innerName is the name under which every template is parsed: one that no
// definition gives to a template of its own.
const innerName = "·"

// secretTemplateName is the template whose own text must not be quoted.
const secretTemplateName = "secrets.templates.outputs"

func badResult(format string, args ...any) *drivers.Error {
	return &drivers.Error{Code: drivers.CodeInvalidResult, Permanent: true, Message: fmt.Sprintf(format, args...)}
}

func limitError(format string, args ...any) *drivers.Error {
	return &drivers.Error{Code: drivers.CodeLimit, Permanent: true, Message: fmt.Sprintf(format, args...)}
}

// templateMessage takes apart "template: ·:23:42: executing "·" at <.x>: reason".
var templateMessage = regexp.MustCompile(`(?s)^template: [^:]*:(\d+)(?::\d+)?: (?:executing "[^"]*" at <(.*?)>: )?(.*)$`)

// failed turns an error of text/template into one that names the template of the definition and the line.
func failed(name string, err error) *drivers.Error {
	var stop *failure
	if errors.As(err, &stop) {
		return &drivers.Error{Code: drivers.CodeFailed, Permanent: true, Message: stop.message, Err: err}
	}
	where, at, reason := name, "", err.Error()
	if m := templateMessage.FindStringSubmatch(err.Error()); m != nil {
		where, at, reason = name+" line "+m[1], m[2], m[3]
	}
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		return drivers.Interrupted(where, err)
	}
	var limit *exceededError
	if errors.As(err, &limit) {
		return &drivers.Error{Code: drivers.CodeLimit, Permanent: true, Err: err, Message: where + ": " + limit.what}
	}
	if name == secretTemplateName || strings.HasPrefix(name, secretTemplateName+".") {
		return &drivers.Error{Code: drivers.CodeFailed, Permanent: true, Err: err,
			Message: where + ": the template failed; details are withheld because its text is a secret"}
	}
	if at != "" {
		reason += " (at " + at + ")"
	}
	return &drivers.Error{Code: drivers.CodeFailed, Permanent: true, Err: err, Message: where + ": " + reason}
}

// public removes from an error what must not be seen: the values of driver
// secrets, and what templates generated and keep (the cookie and the parts of
// init whose names say that they are secret).
func (r *run) public(err error) error {
	var e *drivers.Error
	if !errors.As(err, &e) {
		e = &drivers.Error{Code: drivers.CodeFailed, Permanent: true, Message: err.Error()}
	}
	hidden := []any{r.request.Secrets, sensitive(r.scope["cookie"]), sensitive(r.scope[nameInit])}
	shown := *e
	shown.Message = drivers.Scrub(e.Message, hidden...)
	shown.Err = contextCause(e.Err)
	return &shown
}

// contextCause keeps only causes that carry no text of a template: callers ask
// errors.Is for the context's errors, and nothing else of the cause is theirs to see.
func contextCause(err error) error {
	for _, known := range []error{context.DeadlineExceeded, context.Canceled} {
		if errors.Is(err, known) {
			return known
		}
	}
	return nil
}

var sensitiveName = regexp.MustCompile(`(?i)pass|secret|token|key|cred|cookie|connection|dsn|salt`)

// sensitive collects the leaves whose names say that they are secret.
func sensitive(v any) []any {
	m, ok := v.(map[string]any)
	if !ok {
		return nil
	}
	var out []any
	for name, e := range m {
		if sensitiveName.MatchString(name) {
			out = append(out, e)
			continue
		}
		out = append(out, sensitive(e)...)
	}
	return out
}
