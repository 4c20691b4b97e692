package template

import "fmt"

// printf is fmt.Sprintf, except that whole numbers also take the verbs for
// fractions: definitions write {{ printf "%.0f" .driver.values.port }}, because
// elsewhere every number of a JSON document is a fraction.
func printf(format string, args ...any) string {
	shown := make([]any, len(args))
	for i, a := range args {
		shown[i] = a
		if n, ok := a.(int); ok {
			shown[i] = whole(n)
		}
	}
	return fmt.Sprintf(format, shown...)
}

// whole is an int that formats as a fraction when asked to.
type whole int

// Format implements fmt.Formatter.
func (n whole) Format(state fmt.State, verb rune) {
	how := fmt.FormatString(state, verb)
	switch verb {
	case 'e', 'E', 'f', 'F', 'g', 'G':
		_, _ = fmt.Fprintf(state, how, float64(n))
	default:
		_, _ = fmt.Fprintf(state, how, int(n))
	}
}
