package git

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/go-git/go-git/v5/plumbing/transport"

	"github.com/slipway-dev/slipway/engine/redaction"
)

// Reasons of a failed delivery, for errors.Is.
var (
	// ErrRefused: the request cannot be delivered as it is (a Secret without a recipient, a secret value in the open, a
	// foreign file in the way, a path of another Environment). Repeating it does not help.
	ErrRefused = errors.New("delivery refused")
	// ErrAuthentication: the repository does not accept the credentials, or they are missing.
	ErrAuthentication = errors.New("the repository does not accept the credentials")
	// ErrContended: others kept advancing the branch. Repeating helps.
	ErrContended = errors.New("the branch kept moving")
)

func refused(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrRefused, fmt.Sprintf(format, args...))
}

// safeError is an error whose text went through the redactor. It keeps which known reason it was but not the chain
// itself: the text of an inner error may hold a credential.
type safeError struct {
	text   string
	reason error
}

func (e *safeError) Error() string { return e.text }

func (e *safeError) Is(target error) bool { return e.reason != nil && target == e.reason }

func (l location) safe(err error) error {
	if err == nil {
		return nil
	}
	hide := []string{l.Token, l.Password, l.SSHKey}
	if _, rest, ok := strings.Cut(l.URL, "://"); ok {
		if user, _, ok := strings.Cut(rest, "@"); ok {
			hide = append(hide, user)
			_, password, _ := strings.Cut(user, ":")
			hide = append(hide, password)
		}
	}
	reason := reasonOf(err)
	text := redaction.New(hide...).String(err.Error())
	if errors.Is(reason, ErrAuthentication) && !errors.Is(err, ErrAuthentication) {
		text = fmt.Sprintf("%s: %s", ErrAuthentication, text)
	}
	shown := l.shown
	if shown == "" {
		shown = "(unreadable URL)"
	}
	return &safeError{text: fmt.Sprintf("git delivery to %s, branch %s: %s", shown, l.Branch, text), reason: reason}
}

func reasonOf(err error) error {
	for _, known := range []error{ErrRefused, ErrContended, context.Canceled, context.DeadlineExceeded} {
		if errors.Is(err, known) {
			return known
		}
	}
	for _, denied := range []error{ErrAuthentication, transport.ErrAuthenticationRequired, transport.ErrAuthorizationFailed, transport.ErrInvalidAuthMethod} {
		if errors.Is(err, denied) {
			return ErrAuthentication
		}
	}
	if strings.Contains(err.Error(), "unable to authenticate") {
		return ErrAuthentication
	}
	return nil
}
