package secrets

import (
	"io"
	"slices"
	"sort"
	"sync"
)

// Redacted is what stands in place of a secret value.
const Redacted = "(secret)"

// minRedacted is the shortest value that is replaced: shorter ones occur by chance in every text.
const minRedacted = 4

// Redactor replaces known secret values in text, in the spellings in which they travel: plain, base64 (standard and
// URL alphabet, also inside a longer encoded text), URL-encoded, JSON-escaped, quoted. Values shorter than 4 bytes are
// left alone. It knows values only: what it was not given passes. A Redactor is safe for concurrent use; the zero value
// and nil replace nothing.
type Redactor struct {
	// forms by first byte, longest first, so that a value that begins with another one is replaced as a whole.
	forms [256][]string
}

// NewRedactor takes the values to hide. Order and repetition do not matter.
func NewRedactor(values ...string) *Redactor {
	seen := map[string]struct{}{}
	for _, value := range values {
		if len(value) < minRedacted {
			continue
		}
		for _, form := range spellings(value) {
			if len(form) >= minRedacted {
				seen[form] = struct{}{}
			}
		}
	}
	r := &Redactor{}
	for form := range seen {
		r.forms[form[0]] = append(r.forms[form[0]], form)
	}
	for i := range r.forms {
		list := r.forms[i]
		sort.Slice(list, func(a, b int) bool { return len(list[a]) > len(list[b]) })
	}
	return r
}

// String gives s with every known value replaced by "(secret)".
func (r *Redactor) String(s string) string {
	if r == nil || s == "" {
		return s
	}
	out, _ := r.scan(make([]byte, 0, len(s)), []byte(s), true)
	return string(out)
}

// Writer passes on what is written to it, redacted, also where a value is split over several writes. It holds back only
// bytes that may be the beginning of a value. Close passes on the rest and does not close w. Write reports the length
// of its argument; an error of w is returned by the call that met it and by every later one.
func (r *Redactor) Writer(w io.Writer) io.WriteCloser {
	return &redactingWriter{redactor: r, out: w}
}

// scan appends the redacted src to dst. Unless final, it stops where the rest of src may be the beginning of a value
// that has not arrived completely, and returns that rest.
func (r *Redactor) scan(dst, src []byte, final bool) (out, rest []byte) {
	if r == nil {
		return append(dst, src...), nil
	}
	for i := 0; i < len(src); {
		candidates := r.forms[src[i]]
		if len(candidates) == 0 {
			dst = append(dst, src[i])
			i++
			continue
		}
		size, waiting := match(candidates, src[i:])
		if waiting && !final {
			return dst, src[i:]
		}
		if size == 0 {
			dst = append(dst, src[i])
			i++
			continue
		}
		dst = append(dst, Redacted...)
		i += size
	}
	return dst, nil
}

// match finds the longest form at the beginning of text; waiting says that text ends inside a longer one.
func match(candidates []string, text []byte) (size int, waiting bool) {
	for _, form := range candidates {
		if len(form) > len(text) {
			waiting = waiting || form[:len(text)] == string(text)
			continue
		}
		if string(text[:len(form)]) == form {
			return len(form), waiting
		}
	}
	return 0, waiting
}

type redactingWriter struct {
	redactor *Redactor
	out      io.Writer

	mu   sync.Mutex
	held []byte
	err  error
}

func (w *redactingWriter) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.pass(p, false); err != nil {
		return 0, err
	}
	return len(p), nil
}

func (w *redactingWriter) Close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.pass(nil, true); err != nil {
		return err
	}
	w.err = io.ErrClosedPipe
	return nil
}

func (w *redactingWriter) pass(p []byte, final bool) error {
	if w.err != nil {
		return w.err
	}
	text := slices.Concat(w.held, p)
	out, rest := w.redactor.scan(nil, text, final)
	w.held = append([]byte(nil), rest...)
	if len(out) == 0 {
		return nil
	}
	_, w.err = w.out.Write(out)
	return w.err
}
