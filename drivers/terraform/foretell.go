package terraform

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/slipway-dev/slipway/drivers"
)

var _ drivers.Foreteller = (*Driver)(nil)

// Foretell says which engine would run on which code, with the names of what it is given.
func (*Driver) Foretell(r drivers.Request) ([]string, error) {
	in, err := parse(r)
	if err != nil {
		return nil, err
	}
	s := in.code
	out := []string{strings.TrimSpace(cmp.Or(s.Engine, "terraform or opentofu")+" "+s.Version) + ": init, plan, apply"}
	if s.Source != nil {
		out = append(out, Checkout(s.Source.URL, s.Source.Rev, s.Source.Path))
	}
	if s.Script != "" {
		out = append(out, fmt.Sprintf("script of %d bytes, as overrides.tf", len(s.Script)))
	}
	out = append(out, Named("files", s.Files), Named("variables", s.Variables), Named("secret variables", s.SecretVariables),
		Named("environment", s.Environment), Named("tokens for", s.Tokens))
	return slices.DeleteFunc(out, func(line string) bool { return line == "" }), nil
}

// Checkout says in a line which part of a repository is checked out.
func Checkout(url, rev, path string) string {
	line := "checks out " + url + " at " + cmp.Or(rev, "the default branch")
	if path != "" {
		line += ", folder " + path
	}
	return line
}

// Named lists the names of what a run is given; "" when there are none.
func Named[V any](what string, of map[string]V) string {
	if len(of) == 0 {
		return ""
	}
	return what + ": " + strings.Join(slices.Sorted(maps.Keys(of)), ", ")
}
