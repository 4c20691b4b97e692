package server_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/orchestrator"
	"github.com/slipway-dev/slipway/server"
)

// fading is a context that ends after it was looked at some number of times, so
// that a request ends at every place where it could.
type fading struct {
	context.Context
	end   context.CancelCauseFunc
	left  atomic.Int64
	cause error // context.Canceled | context.DeadlineExceeded
}

func newFading(parent context.Context, looks int64, cause error) *fading {
	inner, end := context.WithCancelCause(parent)
	f := &fading{Context: inner, end: end, cause: cause}
	f.left.Store(looks)
	return f
}

func (f *fading) look() {
	if f.left.Add(-1) == -1 {
		f.end(f.cause)
		time.Sleep(50 * time.Microsecond) // contexts made from this one are told by a goroutine
	}
}

// Value is asked with every call of the store, which makes it a good clock. It
// hides the context inside, whose error would not be the cause.
func (f *fading) Value(key any) any {
	f.look()
	if _, private := key.(*int); private {
		return nil
	}
	return f.Context.Value(key)
}

func (f *fading) Err() error {
	if f.Context.Err() == nil {
		return nil
	}
	return f.cause
}

// TestNoRequestThatRanOutOfTimeIsAFault: whenever its context ends, a request is
// answered with 503 (or with nothing, when the client has gone), or it had its
// answer already; never with 500.
func TestNoRequestThatRanOutOfTimeIsAFault(t *testing.T) {
	t.Parallel()
	onBothDatabases(t, func(t *testing.T, h *harness) {
		h.app("shop")
		ids := map[string]string{"orgId": org, "appId": "shop", "envId": "development", "envTypeId": "development", "userId": h.admin.ID, "sourceSetId": "0", "setId": "0"}
		ended := 0
		for _, r := range server.Routes() {
			body := ""
			if r.Request != nil {
				body = bodyOf(t, r)
			}
			for looks := int64(0); looks < 64; looks += 1 + looks/3 {
				for cause, want := range map[error]int{context.DeadlineExceeded: http.StatusServiceUnavailable, context.Canceled: 499} {
					ctx := newFading(t.Context(), looks, cause)
					got := h.within(ctx, r.Method, fill(r, ids), body)
					ctx.end(cause)
					require.NotEqual(t, http.StatusInternalServerError, got.Status, "%s %s after %d looks, %v: %s", r.Method, r.Path, looks, cause, got.Body)
					if got.Status == want {
						ended++
					}
					if got.Status == http.StatusServiceUnavailable {
						require.NotEmpty(t, got.Header.Get("Retry-After"))
					}
				}
			}
		}
		require.Greater(t, ended, 2*len(server.Routes()), "requests did end early")
	})
}

func (h *harness) within(ctx context.Context, method, path, body string) answer {
	h.t.Helper()
	request := httptest.NewRequest(method, path, strings.NewReader(body)).WithContext(ctx)
	request.Header.Set("Authorization", "Bearer "+h.token)
	recorder := httptest.NewRecorder()
	h.server.Handler().ServeHTTP(recorder, request)
	text, err := io.ReadAll(recorder.Result().Body)
	require.NoError(h.t, err)
	return answer{t: h.t, Status: recorder.Code, Header: recorder.Header(), Body: string(text)}
}

// TestTheServersOwnDeadline: a request that something holds up is answered.
func TestTheServersOwnDeadline(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.app("shop")
	h.server = server.New(server.Options{Service: h.service, Timeout: 100 * time.Millisecond, Log: slog.New(slog.NewJSONHandler(h.logs, nil))})
	locked, release := make(chan struct{}), make(chan struct{})
	ended := make(chan error, 1)
	go func() {
		ended <- h.store.InTx(context.Background(), func(ctx context.Context) error {
			_, err := h.store.LockEnvironment(ctx, orchestrator.EnvRef{OrgID: org, AppID: "shop", EnvID: "development"})
			close(locked)
			<-release
			return err
		})
	}()
	<-locked
	got := h.within(t.Context(), "POST", "/orgs/"+org+"/apps/shop/envs/development/deploys", `{}`)
	close(release)
	require.NoError(t, <-ended)
	got.fails(http.StatusServiceUnavailable, "no answer within")
	require.Equal(t, "5", got.Header.Get("Retry-After"))
	h.do("POST", "/orgs/"+org+"/apps/shop/envs/development/deploys", `{}`)
}

// TestAnEndedContextIsNoFault: errors that carry the end of a context, bare or
// wrapped as a fault, and no others.
func TestAnEndedContextIsNoFault(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		err  error
		want int
	}{
		"a deadline of our own":      {context.DeadlineExceeded, http.StatusServiceUnavailable},
		"wrapped as a fault":         {orchestrator.Wrapf(orchestrator.CodeInternal, context.DeadlineExceeded, "reading"), http.StatusServiceUnavailable},
		"something of ours gave up":  {context.Canceled, http.StatusServiceUnavailable},
		"a real fault":               {errors.New("broken"), http.StatusInternalServerError},
		"an answer that has a cause": {orchestrator.Wrapf(orchestrator.CodeConflict, context.Canceled, "no"), http.StatusConflict},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHarness(t)
			path := h.app("shop")
			h.workflows.fail(c.err)
			got := h.within(t.Context(), "POST", path+"/envs/development/deploys", `{}`)
			require.Equal(t, c.want, got.Status, got.Body)
			require.Equal(t, c.want == http.StatusServiceUnavailable, got.Header.Get("Retry-After") != "")
		})
	}
}
