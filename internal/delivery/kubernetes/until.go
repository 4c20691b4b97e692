package kubernetes

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"strings"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	utilnet "k8s.io/apimachinery/pkg/util/net"
)

const (
	pollFirst = 50 * time.Millisecond
	pollMost  = 2 * time.Second
)

// errTimeout says that a condition was not met in time.
var errTimeout = errors.New("not in time")

// until calls check, less and less often, until it is true, fails, or the time is over (errTimeout, or the error of ctx).
func until(ctx context.Context, limit time.Duration, check func(context.Context) (bool, error)) error {
	deadline := time.NewTimer(limit)
	defer deadline.Stop()
	for wait := pollFirst; ; wait = min(wait*3/2, pollMost) {
		done, err := check(ctx)
		if done || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-deadline.C:
			return errTimeout
		case <-time.After(wait):
		}
	}
}

// transient forgets an error that may not come again: whoever polls goes on.
func transient(err error) error {
	if err == nil || unreachable(err) {
		return nil
	}
	return err
}

// unreachable tells a cluster that does not answer, or not now, from one that refuses.
func unreachable(err error) bool {
	if apierrors.IsServerTimeout(err) || apierrors.IsTimeout(err) || apierrors.IsTooManyRequests(err) ||
		apierrors.IsInternalError(err) || apierrors.IsServiceUnavailable(err) {
		return true
	}
	var status apierrors.APIStatus
	if errors.As(err, &status) {
		return status.Status().Code >= 500
	}
	if errors.Is(err, context.DeadlineExceeded) || utilnet.IsConnectionRefused(err) || utilnet.IsConnectionReset(err) || utilnet.IsProbableEOF(err) {
		return true
	}
	// A connection that ends in the middle of an answer.
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) || strings.Contains(err.Error(), "when reading response body") {
		return true
	}
	var untrusted *tls.CertificateVerificationError
	if errors.As(err, &untrusted) {
		return false // the wrong authority stays wrong
	}
	var network interface{ Timeout() bool } // net.Error, url.Error
	return errors.As(err, &network)
}
