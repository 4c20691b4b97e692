package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/charmbracelet/x/term"
)

// confirm asks a person; programs, which cannot be asked, have said what they want.
func (a *app) confirm(what string, yes bool) error {
	if yes || !isTerminal(a.in) {
		return nil
	}
	fmt.Fprintf(a.err, "%s? [y/N] ", what)
	answer, err := interruptible(a.root.Context(), func() (string, error) {
		return bufio.NewReader(a.in).ReadString('\n')
	})
	if errors.Is(err, context.Canceled) {
		return err
	}
	if answer = strings.ToLower(strings.TrimSpace(answer)); answer == "y" || answer == "yes" {
		return nil
	}
	return errors.New("nothing was changed")
}

// askSecret asks without showing what is typed.
func (a *app) askSecret(prompt string) (string, error) {
	in, ok := a.in.(*os.File)
	if !ok {
		return "", usagef("there is nobody to ask; give it on standard input")
	}
	before, err := term.GetState(in.Fd())
	if err != nil {
		return "", fmt.Errorf("prepare the terminal: %w", err)
	}
	fmt.Fprint(a.err, prompt)
	raw, err := interruptible(a.root.Context(), func() ([]byte, error) { return term.ReadPassword(in.Fd()) })
	fmt.Fprintln(a.err)
	if errors.Is(err, context.Canceled) {
		return "", errors.Join(err, term.Restore(in.Fd(), before)) // what is typed shows again
	}
	if err != nil {
		return "", fmt.Errorf("read what was typed: %w", err)
	}
	return string(raw), nil
}

// interruptible reads from something that knows no contexts: ctrl-C is a signal that ends ctx, and would not end a read.
// The read is left behind; the process is about to end.
func interruptible[T any](ctx context.Context, read func() (T, error)) (T, error) {
	type answer struct {
		value T
		err   error
	}
	done := make(chan answer, 1)
	go func() {
		value, err := read()
		done <- answer{value, err}
	}()
	select {
	case got := <-done:
		return got.value, got.err
	case <-ctx.Done():
		return *new(T), context.Cause(ctx)
	}
}
