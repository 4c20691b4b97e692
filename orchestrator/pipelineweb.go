package orchestrator

import (
	"context"
	"net/http"
)

// WebRequest is an HTTP request that a step of a pipeline makes.
type WebRequest struct {
	Method string
	URL    string
	Header http.Header
	Body   []byte
}

// WebAnswer is what came back.
type WebAnswer struct {
	Status int
	Header http.Header
	Body   []byte // its beginning, at most 1 MiB
}

// PipelineWeb makes the HTTP requests of steps. A target that is not allowed is
// CodeForbidden, an address that cannot be used CodeInvalid; every other error
// is CodeUnavailable. Errors name the host only.
type PipelineWeb interface {
	Do(ctx context.Context, r WebRequest) (WebAnswer, error)
}
