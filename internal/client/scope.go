package client

import (
	"net/url"
	"strings"
)

// Scope names where something lives: an organization, an Application in it, an Environment of that.
type Scope struct{ Org, App, Env string }

// OrgPath is a path below the organization.
func (s Scope) OrgPath(segments ...string) string {
	return Path("orgs", s.Org) + Path(segments...)
}

// AppPath is a path below the Application.
func (s Scope) AppPath(segments ...string) string {
	return s.OrgPath("apps", s.App) + Path(segments...)
}

// EnvPath is a path below the Environment.
func (s Scope) EnvPath(segments ...string) string {
	return s.AppPath("envs", s.Env) + Path(segments...)
}

// Path joins segments, each of them escaped: a slash inside an id stays inside its segment.
func Path(segments ...string) string {
	var out strings.Builder
	for _, s := range segments {
		out.WriteString("/" + url.PathEscape(s))
	}
	return out.String()
}
