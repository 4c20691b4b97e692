package redaction

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
// URL alphabet, also inside a longer encoded text, or wrapped), hex, URL-encoded, JSON-escaped (once and twice), quoted
// for Go, YAML, shells and HTML, and single lines. Values shorter than 4 bytes are left alone, and single lines shorter
// than 8. It knows values only: what it was not given passes unchanged. A Redactor is safe for concurrent use; the zero
// value and nil replace nothing.
type Redactor struct {
	// forms by first byte, longest first, so that a value that begins with another one is replaced as a whole.
	forms [256][]string
	// pairs has a bit for the first two bytes of each form: most of a text is ruled out by it.
	pairs [1 << 16 / 64]uint64
}

// New takes the values to hide. Order and repetition do not matter.
func New(values ...string) *Redactor {
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
		pair := pairOf(form[0], form[1])
		r.pairs[pair/64] |= 1 << (pair % 64)
	}
	for i := range r.forms {
		list := r.forms[i]
		sort.Slice(list, func(a, b int) bool { return len(list[a]) > len(list[b]) })
	}
	return r
}

func pairOf(first, second byte) uint { return uint(first)<<8 | uint(second) }

// String gives s with every known value replaced by "(secret)".
func (r *Redactor) String(s string) string {
	if r == nil || s == "" {
		return s
	}
	out, _, _ := r.scan(make([]byte, 0, len(s)), []byte(s), 0, true)
	return string(out)
}

// Writer passes on what is written to it, redacted, also where a value is split over several writes. It holds back only
// bytes that may be the beginning of a value. Close passes on the rest and does not close w. Write reports the length
// of its argument; an error of w is returned by the call that met it and by every later one.
func (r *Redactor) Writer(w io.Writer) io.WriteCloser {
	return &redactingWriter{redactor: r, out: w}
}

// scan appends the redacted src to dst, of which the first covered bytes are part of what has been replaced before.
// Unless final, it stops where the rest of src may be the beginning of a value that has not arrived completely, and
// returns that rest, with the number of its bytes that are covered. Values that overlap are replaced together.
func (r *Redactor) scan(dst, src []byte, covered int, final bool) (out, rest []byte, left int) {
	if r == nil {
		return append(dst, src...), nil, 0
	}
	done := covered // what stands before it has been passed on or replaced
	for i := range src {
		if !r.mayBegin(src[i:], final) {
			continue
		}
		size, waiting := match(r.forms[src[i]], src[i:])
		if waiting && !final {
			if i > done {
				dst = append(dst, src[done:i]...)
			}
			return dst, src[i:], max(done-i, 0)
		}
		if size == 0 {
			continue
		}
		if i >= done {
			dst = append(append(dst, src[done:i]...), Redacted...)
		}
		done = max(done, i+size)
	}
	return append(dst, src[done:]...), nil, 0
}

// mayBegin rules out by the first two bytes that text begins with a value.
func (r *Redactor) mayBegin(text []byte, final bool) bool {
	if len(text) == 1 {
		return !final && len(r.forms[text[0]]) > 0
	}
	pair := pairOf(text[0], text[1])
	return r.pairs[pair/64]&(1<<(pair%64)) != 0
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

	mu      sync.Mutex
	held    []byte
	covered int    // bytes of held that are part of what was replaced
	buffer  []byte // reused
	err     error
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
	text := p
	if len(w.held) > 0 {
		text = slices.Concat(w.held, p)
	}
	out, rest, covered := w.redactor.scan(w.buffer[:0], text, w.covered, final)
	w.held, w.covered, w.buffer = append([]byte(nil), rest...), covered, out
	if len(out) == 0 {
		return nil
	}
	_, w.err = w.out.Write(out)
	return w.err
}
