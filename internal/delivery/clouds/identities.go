package clouds

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"github.com/slipway-dev/slipway/orchestrator"
)

// Identities bounds what organizations may become in clouds by the identity of this server: the token of Options.IdentityFile and
// its own keys of AWS. Those are the same for all organizations, so without a bound each could name a role that trusts the server for
// the sake of another. Credentials that an organization has itself are not bounded.
type Identities struct {
	rules []identityRule
	// organizations counts those of the installation; nil counts as several.
	organizations func(ctx context.Context) (int, error)
}

// identityRule lets an organization, or all ("*"), use the names that match.
type identityRule struct {
	org  string
	name *regexp.Regexp
}

// ParseIdentities reads entries ORG=NAME. ORG is the id of an organization or *. NAME is the ARN of a role, the e-mail address of a
// Google service account, the audience of a workload identity provider, or TENANT/CLIENT of Microsoft Entra ID; * in it stands for any
// characters. Without entries an installation of one organization may use every name, and one of several none: organizations counts
// them.
func ParseIdentities(entries []string, organizations func(ctx context.Context) (int, error)) (Identities, error) {
	out := Identities{organizations: organizations}
	for _, entry := range entries {
		org, name, ok := strings.Cut(entry, "=")
		if !ok || org == "" || name == "" {
			return out, fmt.Errorf("expected ORG=NAME such as acme=arn:aws:iam::123456789012:role/slipway-*, got %q", entry)
		}
		if org != "*" && strings.Contains(org, "*") {
			return out, fmt.Errorf("%q: an organization is named by its whole id, or by * for all", entry)
		}
		form := "^" + strings.ReplaceAll(regexp.QuoteMeta(name), `\*`, ".*") + "$"
		compiled, err := regexp.Compile(form)
		if err != nil {
			return out, fmt.Errorf("%q: %w", entry, err)
		}
		out.rules = append(out.rules, identityRule{org: org, name: compiled})
	}
	return out, nil
}

// allow refuses an organization that may not use one of the names.
func (i Identities) allow(ctx context.Context, org string, names ...string) error {
	if len(i.rules) == 0 {
		return i.alone(ctx, org, names)
	}
	for _, name := range names {
		if name != "" && !i.allowed(org, name) {
			return orchestrator.Forbiddenf("organization %q may not become %q by the identity of this server; whoever runs the server allows it by "+
				"--cloud-identities %s=%s, or use credentials of your own", org, name, org, name)
		}
	}
	return nil
}

func (i Identities) allowed(org, name string) bool {
	for _, r := range i.rules {
		if (r.org == "*" || (r.org == org && org != "")) && r.name.MatchString(name) {
			return true
		}
	}
	return false
}

// alone allows everything where nobody else could be harmed.
func (i Identities) alone(ctx context.Context, org string, names []string) error {
	if i.organizations != nil {
		count, err := i.organizations(ctx)
		if err != nil {
			return orchestrator.Errorf(orchestrator.CodeUnavailable, "count the organizations of this server: %v", err)
		}
		if count <= 1 {
			return nil
		}
	}
	return orchestrator.Forbiddenf("organization %q may not become %q by the identity of this server, which several organizations share; whoever runs "+
		"the server allows it by --cloud-identities %s=%s, or use credentials of your own", org, strings.Join(names, " "), org, names[0])
}
