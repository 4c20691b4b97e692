package client

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Error is an answer of the API that is not a success.
type Error struct {
	// Status is the HTTP status.
	Status int
	// Code is the API's own code, HTTP-<status> when the answer had none.
	Code string
	// Message says what is wrong, in one line or more.
	Message string
	// Details is what the answer had besides; nil when nothing.
	Details map[string]any
	// Body is the answer as it came.
	Body []byte
}

func (e *Error) Error() string { return e.Message }

// IsStatus reports whether err is an answer of the API with one of the statuses.
func IsStatus(err error, statuses ...int) bool {
	var failure *Error
	return errors.As(err, &failure) && slices.Contains(statuses, failure.Status)
}

// ConnectionError says that no answer came. Its text is one line.
type ConnectionError struct {
	URL   string
	Cause error
}

func (e *ConnectionError) Error() string {
	return fmt.Sprintf("cannot reach %s: %s", e.URL, plainCause(e.Cause))
}

func (e *ConnectionError) Unwrap() error { return e.Cause }

// plainCause drops what net/http and net put around the cause: method, URL and addresses say nothing new.
func plainCause(err error) string {
	if u := (*url.Error)(nil); errors.As(err, &u) {
		err = u.Err
	}
	if d := (*net.DNSError)(nil); errors.As(err, &d) {
		return "the name " + d.Name + " cannot be resolved"
	}
	if op := (*net.OpError)(nil); errors.As(err, &op) && op.Op == "dial" {
		err = op.Err
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return "the connection was closed before the answer was complete"
	}
	text := strings.TrimPrefix(err.Error(), "connect: ")
	return strings.Join(strings.Fields(text), " ")
}

// errorOf reads an error answer in any of its documented forms: {error, message, details}, a bare string, a list of what
// stands in the way, or nothing.
func errorOf(status int, body []byte) *Error {
	out := &Error{Status: status, Code: fmt.Sprintf("HTTP-%d", status), Body: body}
	var parsed any
	if err := json.Unmarshal(body, &parsed); err != nil {
		out.Message = plainMessage(status, body)
		return out
	}
	switch v := parsed.(type) {
	case string:
		out.Message = v
	case []any:
		out.Details = map[string]any{"conflicts": v}
		out.Message = conflictMessage(v)
	case map[string]any:
		if code, ok := v["error"].(string); ok && code != "" {
			out.Code = code
		}
		out.Message, _ = v["message"].(string)
		out.Details, _ = v["details"].(map[string]any)
		if out.Message == "" && out.Code != fmt.Sprintf("HTTP-%d", status) {
			out.Message = out.Code // registries answer {error: text}
		}
	}
	if out.Message == "" {
		out.Message = plainMessage(status, nil)
	}
	return out
}

func plainMessage(status int, body []byte) string {
	message := fmt.Sprintf("the server answered %d %s", status, http.StatusText(status))
	text := strings.Join(strings.Fields(string(bytes.ToValidUTF8(body, nil))), " ")
	if text == "" || strings.HasPrefix(text, "<") || len(text) > 200 {
		return message
	}
	return message + ": " + text
}

func conflictMessage(list []any) string {
	lines := []string{fmt.Sprintf("%d of what exists would be affected:", len(list))}
	for _, item := range list {
		object, ok := item.(map[string]any)
		if !ok {
			lines = append(lines, fmt.Sprintf("  %v", item))
			continue
		}
		var fields []string
		for _, key := range slices.Sorted(maps.Keys(object)) {
			if object[key] != nil && object[key] != "" {
				fields = append(fields, fmt.Sprintf("%s %v", key, object[key]))
			}
		}
		lines = append(lines, "  "+strings.Join(fields, ", "))
	}
	return strings.Join(lines, "\n")
}
