package orchestrator

import (
	"context"
	"regexp"
	"slices"
	"strings"
)

// RuleRequest says what an automation rule shall be; nil fields were not given.
type RuleRequest struct {
	Active           *bool // default true
	Type             string
	MatchRef         *string
	Artefacts        []string
	ExcludeArtefacts *bool
	UpdateTo         *string
	Match            *string
	Images           []string
	ExcludeImages    *bool
}

// ruleTypeUpdate is the only type of rules.
const ruleTypeUpdate = "update"

// What the older form of rules looks at.
const (
	updateToBranch = "branch"
	updateToTag    = "tag"
)

// ListAutomationRules lists the rules of an environment; none when it does not
// exist (yet).
func (s *Service) ListAutomationRules(ctx context.Context, ref EnvRef) ([]AutomationRule, error) {
	if _, err := s.readApp(ctx, ref.OrgID, ref.AppID, RoleViewer); err != nil {
		return nil, err
	}
	return s.store.ListAutomationRules(ctx, ref)
}

// GetAutomationRule returns one rule.
func (s *Service) GetAutomationRule(ctx context.Context, ref EnvRef, id string) (*AutomationRule, error) {
	if _, err := s.readApp(ctx, ref.OrgID, ref.AppID, RoleViewer); err != nil {
		return nil, err
	}
	return s.store.GetAutomationRule(ctx, ref, id)
}

// CreateAutomationRule adds a rule to an environment. The environment may come
// later: clients make both at once.
func (s *Service) CreateAutomationRule(ctx context.Context, ref EnvRef, req RuleRequest) (*AutomationRule, error) {
	if err := s.requireRuleWriter(ctx, ref); err != nil {
		return nil, err
	}
	if err := checkSlug("environment", ref.EnvID, maxSlug); err != nil {
		return nil, err
	}
	rule := &AutomationRule{
		OrgID: ref.OrgID, AppID: ref.AppID, EnvID: ref.EnvID, ID: randomHex(8), CreatedAt: s.now(),
	}
	if err := req.apply(rule); err != nil {
		return nil, err
	}
	rule.UpdatedAt = rule.CreatedAt
	return rule, s.audited(ctx, func(ctx context.Context) (Change, error) {
		return created(ref.OrgID, "automation-rule", rulePath(ref, rule.ID), rule), s.store.CreateAutomationRule(ctx, rule)
	})
}

func rulePath(ref EnvRef, id string) string { return EnvObject(ref) + "/rules/" + id }

// UpdateAutomationRule replaces what a rule says.
func (s *Service) UpdateAutomationRule(ctx context.Context, ref EnvRef, id string, req RuleRequest) (*AutomationRule, error) {
	if err := s.requireRuleWriter(ctx, ref); err != nil {
		return nil, err
	}
	var rule *AutomationRule
	err := s.audited(ctx, func(ctx context.Context) (Change, error) {
		var err error
		if rule, err = s.store.GetAutomationRule(ctx, ref, id); err != nil {
			return Change{}, err
		}
		before := *rule
		if err := req.apply(rule); err != nil {
			return Change{}, err
		}
		rule.UpdatedAt = s.now()
		err = stale(s.store.UpdateAutomationRule(ctx, rule))
		return updated(ref.OrgID, "automation-rule", rulePath(ref, id), before, rule), err
	})
	return rule, err
}

// DeleteAutomationRule removes a rule. Rules go with their environment, so one
// of an environment that is gone is no error: clients delete both at once.
func (s *Service) DeleteAutomationRule(ctx context.Context, ref EnvRef, id string) error {
	if err := s.requireRuleWriter(ctx, ref); err != nil {
		return err
	}
	err := s.audited(ctx, func(ctx context.Context) (Change, error) {
		rule, err := s.store.GetAutomationRule(ctx, ref, id)
		if err != nil {
			return Change{}, err
		}
		return deleted(ref.OrgID, "automation-rule", rulePath(ref, id), rule), s.store.DeleteAutomationRule(ctx, ref, id)
	})
	if !IsNotFound(err) {
		return err
	}
	if _, missing := s.store.GetEnvironment(ctx, ref); IsNotFound(missing) {
		return nil
	}
	return err
}

// requireRuleWriter authorizes a change of rules: whoever may deploy to the
// environment may have it deployed to. Without an environment there is no type
// to be deployer of.
func (s *Service) requireRuleWriter(ctx context.Context, ref EnvRef) error {
	if err := s.requireAppPerm(ctx, ref.OrgID, ref.AppID, PermAutomationWrite); err != nil {
		return err
	}
	if _, err := s.store.GetApplication(ctx, ref.OrgID, ref.AppID); err != nil {
		return err
	}
	env, err := s.store.GetEnvironment(ctx, ref)
	if IsNotFound(err) {
		return nil
	}
	if err != nil {
		return err
	}
	return s.requireDeployPerm(ctx, ref.OrgID, ref.AppID, env.TypeID, PermAutomationWrite)
}

// apply validates the request and writes it into a rule.
func (q RuleRequest) apply(r *AutomationRule) error {
	if q.Type != ruleTypeUpdate {
		return Invalidf("type: expected %s, got %q", ruleTypeUpdate, shorten(q.Type))
	}
	if err := q.mixed(); err != nil {
		return err
	}
	value := func(p *string) string {
		if p == nil {
			return ""
		}
		return *p
	}
	r.Active, r.Type = q.Active == nil || *q.Active, q.Type
	r.MatchRef, r.Artefacts = value(q.MatchRef), q.Artefacts
	r.ExcludeArtefacts = q.ExcludeArtefacts != nil && *q.ExcludeArtefacts
	r.UpdateTo, r.Match, r.Images = value(q.UpdateTo), value(q.Match), q.Images
	r.ExcludeImages = q.ExcludeImages != nil && *q.ExcludeImages
	if r.Match != "" && r.UpdateTo == "" {
		r.UpdateTo = updateToBranch
	}
	if r.UpdateTo != "" && r.UpdateTo != updateToBranch && r.UpdateTo != updateToTag {
		return Invalidf("update_to: expected %s or %s, got %q", updateToBranch, updateToTag, shorten(r.UpdateTo))
	}
	for field, pattern := range map[string]string{"match_ref": r.MatchRef, "match": r.Match} {
		if len(pattern) > maxText {
			return Invalidf("%s: %d characters are too many; at most %d are possible", field, len(pattern), maxText)
		}
		if _, err := regexp.Compile(pattern); err != nil {
			return Invalidf("%s: %q is no regular expression (RE2): %v", field, shorten(pattern), err)
		}
	}
	return nil
}

// mixed refuses an old field together with the one that replaces it.
func (q RuleRequest) mixed() error {
	given := func(p *string) bool { return p != nil && *p != "" }
	set := func(p *bool) bool { return p != nil && *p }
	switch {
	case given(q.MatchRef) && given(q.Match):
		return Invalidf("match_ref and match cannot be used together; match is deprecated")
	case given(q.MatchRef) && given(q.UpdateTo):
		return Invalidf("match_ref and update_to cannot be used together; update_to is deprecated")
	case len(q.Artefacts) > 0 && len(q.Images) > 0:
		return Invalidf("artefacts_filter and images_filter cannot be used together; images_filter is deprecated")
	case set(q.ExcludeArtefacts) && set(q.ExcludeImages):
		return Invalidf("exclude_artefacts_filter and exclude_images_filter cannot be used together; exclude_images_filter is deprecated")
	}
	return nil
}

// follows reports whether a rule lets a version through.
func (r AutomationRule) follows(v *ArtefactVersion) bool {
	return r.Active && v.Type == ArtefactContainer && r.followsRef(v) && r.followsArtefact(v)
}

func (r AutomationRule) followsRef(v *ArtefactVersion) bool {
	if r.UpdateTo == "" {
		return r.MatchRef == "" || slices.ContainsFunc(v.refs(), refMatcher(r.MatchRef))
	}
	prefix := branchPrefix
	if r.UpdateTo == updateToTag {
		prefix = tagPrefix
	}
	matches := refMatcher(r.Match)
	return slices.ContainsFunc(v.refs(), func(ref string) bool {
		name, of := strings.CutPrefix(ref, prefix)
		return of && matches(name)
	})
}

// refMatcher compiles a pattern that was checked when it was stored.
func refMatcher(pattern string) func(string) bool {
	compiled, err := regexp.Compile(pattern)
	if err != nil {
		return func(string) bool { return false }
	}
	return compiled.MatchString
}

// followsArtefact looks at both lists; in a rule one of them is empty.
func (r AutomationRule) followsArtefact(v *ArtefactVersion) bool {
	listed := func(list []string, names ...string) bool {
		return slices.ContainsFunc(list, func(entry string) bool { return slices.Contains(names, withoutScheme(entry)) })
	}
	name := withoutScheme(v.Name)
	if len(r.Artefacts) > 0 && listed(r.Artefacts, name) == r.ExcludeArtefacts {
		return false
	}
	return len(r.Images) == 0 || listed(r.Images, withoutScheme(v.ImageID), name) != r.ExcludeImages
}

// withoutScheme drops the https:// that some write before the name of a registry.
func withoutScheme(name string) string {
	name = strings.TrimPrefix(name, "https://")
	return strings.TrimPrefix(name, "http://")
}
