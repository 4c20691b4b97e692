package server

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"unicode/utf8"

	"github.com/slipway-dev/slipway/orchestrator"
)

const (
	maxBody  = 8 << 20 // bytes
	maxDepth = 200     // nested objects and arrays
)

// decode reads the JSON body into out, whatever the Content-Type says: public
// shell clients post JSON with curl's default. Unknown fields are ignored.
func (c *Call) decode(out any, optional bool) error {
	raw, err := readBody(c.Request())
	if err != nil {
		return err
	}
	if len(trimSpace(raw)) == 0 {
		if optional {
			return nil
		}
		return invalidBody("the request body is empty; send JSON: %s", expectation(reflect.TypeOf(out).Elem()))
	}
	return decodeJSON(raw, out)
}

func readBody(r *http.Request) ([]byte, error) {
	raw, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if err != nil {
		return nil, orchestrator.Wrapf(orchestrator.CodeInvalid, err, "the request body could not be read to its end")
	}
	if len(raw) > maxBody {
		return nil, orchestrator.Errorf(orchestrator.CodeTooLarge, "the request body is larger than %d MiB", maxBody>>20)
	}
	return raw, nil
}

func decodeJSON(raw []byte, out any) error {
	if !utf8.Valid(raw) {
		return invalidBody("the request body is not UTF-8")
	}
	if err := scan(raw); err != nil {
		return err
	}
	target := reflect.TypeOf(out).Elem()
	if string(trimSpace(raw)) == "null" && target.Kind() != reflect.Pointer {
		return invalidBody("the request body is null; expected %s", expectation(target))
	}
	err := json.Unmarshal(raw, out)
	if err == nil {
		return nil
	}
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		line, column := position(raw, syntax.Offset)
		return invalidBody("the request body is not valid JSON: %v (line %d, column %d)", syntax, line, column)
	}
	var mismatch *json.UnmarshalTypeError
	if errors.As(err, &mismatch) {
		field := "the request body"
		if mismatch.Field != "" {
			field = "field " + mismatch.Field
		}
		return invalidBody("%s: expected %s, got %s", field, expectation(mismatch.Type), mismatch.Value)
	}
	return invalidBody("the request body cannot be used: %v", err)
}

// scan refuses what would be dangerous or impossible to store: nesting without
// end, and NUL characters, which PostgreSQL cannot hold. It relies on nothing
// but the shape of JSON strings; the decoder finds all other faults.
func scan(raw []byte) error {
	depth, inString := 0, false
	for i := 0; i < len(raw); i++ {
		b := raw[i]
		if inString {
			switch b {
			case '"':
				inString = false
			case '\\':
				if i+5 < len(raw) && string(raw[i+1:i+6]) == "u0000" {
					return invalidBody("the request body contains a NUL character (\\u0000), which cannot be stored")
				}
				i++
			}
			continue
		}
		switch b {
		case '"':
			inString = true
		case '{', '[':
			if depth++; depth > maxDepth {
				return invalidBody("the request body is nested deeper than %d levels", maxDepth)
			}
		case '}', ']':
			depth--
		}
	}
	return nil
}

func position(raw []byte, offset int64) (line, column int) {
	line, column = 1, 1
	for _, b := range raw[:min(int64(len(raw)), max(offset-1, 0))] {
		column++
		if b == '\n' {
			line, column = line+1, 1
		}
	}
	return line, column
}

func expectation(t reflect.Type) string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch t.Kind() {
	case reflect.Struct, reflect.Map:
		return "an object"
	case reflect.Slice, reflect.Array:
		return "an array"
	case reflect.String:
		return "a string"
	case reflect.Bool:
		return "true or false"
	case reflect.Interface:
		return "a value"
	}
	return "a number"
}

func trimSpace(raw []byte) []byte {
	for len(raw) > 0 && isSpace(raw[0]) {
		raw = raw[1:]
	}
	for len(raw) > 0 && isSpace(raw[len(raw)-1]) {
		raw = raw[:len(raw)-1]
	}
	return raw
}

func isSpace(b byte) bool { return b == ' ' || b == '\t' || b == '\n' || b == '\r' }

// invalidBody is a 400 with the published code for bodies that cannot be read.
func invalidBody(format string, args ...any) error {
	return &orchestrator.Error{
		Code: orchestrator.CodeInvalid, Reason: "API-000", Message: fmt.Sprintf(format, args...),
	}
}
