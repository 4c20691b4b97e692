package template

import (
	"fmt"
	"reflect"
	"regexp"
	"strings"
)

// refuse looks at the arguments of functions that can make far more than they
// are given, before they do. Counting afterwards would be too late for memory.
func (b *budget) refuse(name string, args []reflect.Value) error {
	switch name {
	case "until", "untilStep", "seq":
		return b.refuseRange(name, args)
	case "randAlpha", "randAlphaNum", "randAscii", "randNumeric", "randBytes":
		return b.atMost(name, integer(args, 0), b.limits.Output/4)
	case "repeat":
		return b.atMost(name, times(integer(args, 0), length(args, 1)), b.limits.Output)
	case "indent", "nindent":
		lines := 1 + strings.Count(text(args, 1), "\n")
		return b.atMost(name, times(integer(args, 0), lines), b.limits.Output)
	case "replace":
		return b.atMost(name, times(strings.Count(text(args, 2), text(args, 0)), length(args, 1)), 2*b.limits.Output)
	case "regexReplaceAll", "mustRegexReplaceAll", "regexReplaceAllLiteral", "mustRegexReplaceAllLiteral":
		return b.atMost(name, times(length(args, 1)+1, length(args, 2)), 16*b.limits.Output)
	case "wrapWith":
		return b.atMost(name, times(length(args, 1), length(args, 2)), 16*b.limits.Output)
	case "join":
		return b.atMost(name, times(length(args, 0), length(args, 1)), 2*b.limits.Output)
	case "printf":
		return b.refuseFormat(args)
	case "bcrypt", "htpasswd", "derivePassword", "genCA", "genCAWithKey", "genPrivateKey", "genSelfSignedCert",
		"genSelfSignedCertWithKey", "genSignedCert", "genSignedCertWithKey":
		return b.refuseExpensive(name)
	}
	return nil
}

func (b *budget) refuseRange(name string, args []reflect.Value) error {
	numbers := make([]int, 0, 3)
	for _, a := range flatten(args) {
		numbers = append(numbers, int(a.Int()))
	}
	first, last, step := 0, 0, 1
	switch {
	case name == "until" && len(numbers) > 0, name == "seq" && len(numbers) == 1:
		last = numbers[0]
	case name == "untilStep" && len(numbers) == 3:
		first, last, step = numbers[0], numbers[1], numbers[2]
	case name == "seq" && len(numbers) == 2:
		first, last = numbers[0], numbers[1]
	case name == "seq" && len(numbers) == 3:
		first, step, last = numbers[0], numbers[1], numbers[2]
	}
	if step == 0 {
		return nil
	}
	span := float64(last) - float64(first)
	if rounds := span / float64(step); rounds > float64(b.limits.Items) || -rounds > float64(b.limits.Items) {
		return &exceededError{fmt.Sprintf("function %s makes more than %d elements", name, b.limits.Items)}
	}
	return nil
}

var wideVerb = regexp.MustCompile(`%[^%a-zA-Z]*(\*|[0-9]{5,})`)

func (b *budget) refuseFormat(args []reflect.Value) error {
	format := text(args, 0)
	if wideVerb.MatchString(format) {
		return &exceededError{"function printf pads to more than 9999 places or to a computed width"}
	}
	m := meter{items: 10 * b.limits.Items, bytes: b.limits.Output}
	for _, a := range args[1:] {
		m.measure(a, 0)
	}
	if m.exceeded {
		return &exceededError{"function printf is given more than it may print"}
	}
	return b.atMost("printf", times(strings.Count(format, "%"), b.limits.Output-m.bytes), 16*b.limits.Output)
}

// maxExpensive is how many keys and password hashes one run may compute; each
// takes up to seconds of processor time and cannot be interrupted.
const maxExpensive = 12

func (b *budget) refuseExpensive(name string) error {
	b.expensive++
	if b.expensive <= maxExpensive {
		return nil
	}
	return &exceededError{fmt.Sprintf("function %s: more than %d keys or password hashes in one run", name, maxExpensive)}
}

func (b *budget) atMost(name string, n, limit int) error {
	if n <= limit {
		return nil
	}
	return &exceededError{fmt.Sprintf("function %s makes more than %d bytes", name, limit)}
}

// times multiplies without overflow.
func times(a, b int) int {
	const huge = 1 << 50
	if a <= 0 || b <= 0 {
		return 0
	}
	if a > huge/b {
		return huge
	}
	return a * b
}

// flatten spreads a variadic parameter into single values.
func flatten(args []reflect.Value) []reflect.Value {
	out := make([]reflect.Value, 0, len(args))
	for _, a := range args {
		if a.Kind() != reflect.Slice {
			out = append(out, a)
			continue
		}
		for i := range a.Len() {
			out = append(out, a.Index(i))
		}
	}
	return out
}

func argument(args []reflect.Value, i int) reflect.Value {
	if i >= len(args) {
		return reflect.Value{}
	}
	v := args[i]
	for v.IsValid() && v.Kind() == reflect.Interface {
		v = v.Elem()
	}
	return v
}

func integer(args []reflect.Value, i int) int {
	v := argument(args, i)
	if !v.IsValid() || !v.CanInt() {
		return 0
	}
	return int(v.Int())
}

func text(args []reflect.Value, i int) string {
	v := argument(args, i)
	if !v.IsValid() || v.Kind() != reflect.String {
		return ""
	}
	return v.String()
}

func length(args []reflect.Value, i int) int {
	v := argument(args, i)
	if !v.IsValid() {
		return 0
	}
	switch v.Kind() {
	case reflect.String, reflect.Slice, reflect.Array, reflect.Map:
		return v.Len()
	}
	return 0
}
