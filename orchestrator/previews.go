package orchestrator

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"github.com/slipway-dev/slipway/engine/deployset"
)

// ListPreviewRules lists the preview rules of an application, oldest first.
func (s *Service) ListPreviewRules(ctx context.Context, org, app string) ([]PreviewRule, error) {
	if _, err := s.readApp(ctx, org, app, RoleViewer); err != nil {
		return nil, err
	}
	return s.store.ListPreviewRules(ctx, org, app)
}

// CreatePreviewRule has branches get environments. Whoever may create such
// environments may have them created.
func (s *Service) CreatePreviewRule(ctx context.Context, rule PreviewRule) (*PreviewRule, error) {
	if err := s.requireAppPerm(ctx, rule.OrgID, rule.AppID, PermAutomationWrite); err != nil {
		return nil, err
	}
	if _, err := s.store.GetApplication(ctx, rule.OrgID, rule.AppID); err != nil {
		return nil, err
	}
	base, err := s.store.GetEnvironment(ctx, EnvRef{OrgID: rule.OrgID, AppID: rule.AppID, EnvID: rule.BaseEnvID})
	if err != nil {
		return nil, asInvalid(err, "base_env")
	}
	if rule.EnvTypeID == "" {
		rule.EnvTypeID = base.TypeID
	}
	if _, err := s.store.GetEnvironmentType(ctx, rule.OrgID, rule.EnvTypeID); err != nil {
		return nil, asInvalid(err, "type")
	}
	if err := s.requireDeployPerm(ctx, rule.OrgID, rule.AppID, rule.EnvTypeID, PermAutomationWrite); err != nil {
		return nil, err
	}
	if rule.OnFailure == "" {
		rule.OnFailure = OnFailureKeep
	}
	if err := rule.check(); err != nil {
		return nil, err
	}
	rule.ID, rule.CreatedAt, rule.CreatedBy = randomHex(8), s.now(), ActorFrom(ctx).UserID
	err = s.audited(ctx, func(ctx context.Context) (Change, error) {
		return created(rule.OrgID, "preview-rule", previewRulePath(&rule), rule), s.store.CreatePreviewRule(ctx, &rule)
	})
	return &rule, err
}

func previewRulePath(r *PreviewRule) string {
	return AppObject(r.OrgID, r.AppID) + "/preview-rules/" + r.ID
}

func (r PreviewRule) check() error {
	if len(r.MatchRef) > maxText {
		return Invalidf("match_ref: %d characters are too many; at most %d are possible", len(r.MatchRef), maxText)
	}
	if _, err := regexp.Compile(r.MatchRef); err != nil || r.MatchRef == "" {
		return Invalidf("match_ref: expected a regular expression (RE2) on refs/heads/<branch>, got %q", shorten(r.MatchRef))
	}
	if r.OnFailure != OnFailureKeep && r.OnFailure != OnFailureTeardown {
		return Invalidf("on_failure: expected %s or %s, got %q", OnFailureKeep, OnFailureTeardown, shorten(r.OnFailure))
	}
	if r.TTL == 0 && r.IdleAfter == 0 {
		return Invalidf("ttl and idle_after: previews need an end; give at least one")
	}
	return r.lifetime().check()
}

// DeletePreviewRule removes a rule; environments that it made stay until their end.
func (s *Service) DeletePreviewRule(ctx context.Context, org, app, id string) error {
	if err := s.requireAppPerm(ctx, org, app, PermAutomationWrite); err != nil {
		return err
	}
	rule, err := s.store.GetPreviewRule(ctx, org, app, id)
	if err != nil {
		return err
	}
	if err := s.requireDeployPerm(ctx, org, app, rule.EnvTypeID, PermAutomationWrite); err != nil {
		return err
	}
	return s.audited(ctx, func(ctx context.Context) (Change, error) {
		return deleted(org, "preview-rule", previewRulePath(rule), rule), s.store.DeletePreviewRule(ctx, org, app, id)
	})
}

// RemovePreview deletes the environment that a rule made for a branch, as when
// the branch or its pull request is gone. CodeNotFound when there is none.
func (s *Service) RemovePreview(ctx context.Context, org, app, ruleID, branch string) (going bool, err error) {
	if err := s.requireAppPerm(ctx, org, app, PermEnvManage); err != nil {
		return false, err
	}
	rule, err := s.store.GetPreviewRule(ctx, org, app, ruleID)
	if err != nil {
		return false, err
	}
	branch = strings.TrimPrefix(branch, branchPrefix)
	ref := EnvRef{OrgID: org, AppID: app, EnvID: rule.EnvID(branch)}
	if _, err := s.store.GetEnvironment(ctx, ref); IsNotFound(err) {
		return false, NotFoundf("branch %q has no preview by rule %s", shorten(branch), ruleID)
	}
	if l, err := s.store.GetLifetime(ctx, ref); err == nil && l.Protected {
		return false, Conflictf("environment %q is protected; delete it by its id, or take the protection away", ref.EnvID)
	}
	return s.DeleteEnvironment(ctx, ref)
}

// followPreviews makes the environments of branches that have none yet. It runs
// in the transaction that stores the version; later pushes follow the automation
// rule that a preview gets.
func (s *Service) followPreviews(ctx context.Context, v *ArtefactVersion) ([]*SpinUp, error) {
	if v.Image() == "" {
		return nil, nil
	}
	rules, err := s.store.ListPreviewRules(ctx, v.OrgID, "")
	if err != nil {
		return nil, err
	}
	var made []*SpinUp
	for _, rule := range rules {
		for _, ref := range v.refs() {
			branch, isBranch := strings.CutPrefix(ref, branchPrefix)
			if !isBranch || branch == "" || !refMatcher(rule.MatchRef)(ref) {
				continue
			}
			up, err := s.preview(ctx, rule, branch, v)
			if err != nil {
				return nil, err
			}
			if up != nil {
				made = append(made, up)
			}
		}
	}
	return made, nil
}

// preview makes the environment of one branch; nil when it has one, or when the
// base does not run the image.
func (s *Service) preview(ctx context.Context, rule PreviewRule, branch string, v *ArtefactVersion) (*SpinUp, error) {
	ref := EnvRef{OrgID: rule.OrgID, AppID: rule.AppID, EnvID: rule.EnvID(branch)}
	if _, err := s.store.GetEnvironment(ctx, ref); err == nil || !IsNotFound(err) {
		return nil, err
	}
	app, err := s.store.GetApplication(ctx, rule.OrgID, rule.AppID)
	if err != nil || app.Status == StatusDeleting {
		return nil, err
	}
	req := SpinUpRequest{
		EnvironmentRequest: EnvironmentRequest{ID: ref.EnvID, Name: previewName(branch), TypeID: rule.EnvTypeID},
		FromEnvID:          rule.BaseEnvID, OnFailure: rule.OnFailure, Lifetime: rule.lifetime(), kind: SpinUpPreview,
		Comment: "Preview of " + branch + ": " + v.Image(), Deploy: true,
	}
	if err := s.takeFrom(ctx, EnvRef{OrgID: rule.OrgID, AppID: rule.AppID, EnvID: rule.BaseEnvID}, &req); err != nil {
		if CodeOf(err) == CodeInvalid { // the base is gone
			s.log.WarnContext(ctx, "a preview was not made", "application", AppObject(rule.OrgID, rule.AppID), "rule", rule.ID, "error", err)
			return nil, nil
		}
		return nil, err
	}
	push := Push{
		OrgID: ref.OrgID, AppID: ref.AppID, EnvID: ref.EnvID, ID: newUUID(), ArtefactVersionID: v.ID, ArtefactName: v.Name, Image: v.Image(),
		Ref: branchPrefix + branch, Commit: v.Commit, RuleID: rule.ID, Status: PushPending, CreatedAt: s.now(),
	}
	if used, err := s.withImages(ctx, &req, []Push{push}); err != nil || !used {
		return nil, err
	}
	return s.makePreview(ctx, rule, branch, req, []Push{push})
}

// makePreview makes the environment of a branch, which from then on follows its images.
func (s *Service) makePreview(ctx context.Context, rule PreviewRule, branch string, req SpinUpRequest, pushes []Push) (*SpinUp, error) {
	ref := EnvRef{OrgID: rule.OrgID, AppID: rule.AppID, EnvID: rule.EnvID(branch)}
	frozen := s.checkFreeze(ctx, &Environment{OrgID: ref.OrgID, AppID: ref.AppID, ID: ref.EnvID, TypeID: rule.EnvTypeID}, "")
	if frozen != nil && !IsConflict(frozen) {
		return nil, frozen
	}
	req.Deploy = req.Deploy && frozen == nil
	up, err := s.makeEnvironment(ctx, ref.OrgID, ref.AppID, req, nil)
	if err != nil {
		return nil, stale(err)
	}
	if frozen != nil && len(pushes) > 0 { // the images wait until the freeze window has ended
		if err := s.store.CreatePushes(ctx, pushes); err != nil {
			return nil, err
		}
	}
	return up, s.store.CreateAutomationRule(ctx, &AutomationRule{
		OrgID: ref.OrgID, AppID: ref.AppID, EnvID: ref.EnvID, ID: randomHex(8), Active: true, Type: ruleTypeUpdate,
		MatchRef: "^" + regexp.QuoteMeta(branchPrefix+branch) + "$", CreatedAt: s.now(), UpdatedAt: s.now(),
	})
}

func previewName(branch string) string {
	if runes := []rune(branch); len(runes) > maxName {
		return string(runes[:maxName])
	}
	return branch
}

// withImages gives a request the set of its base with the pushed images in it; used
// is false when nothing in it runs any of them.
func (s *Service) withImages(ctx context.Context, req *SpinUpRequest, pushes []Push) (used bool, err error) {
	if len(pushes) == 0 {
		return false, nil
	}
	org, app := pushes[0].OrgID, pushes[0].AppID
	baseID, err := s.setOfDeployment(ctx, org, app, req.FromDeployID)
	if err != nil {
		return false, err
	}
	base, err := s.store.GetSet(ctx, org, app, baseID)
	if err != nil {
		return false, err
	}
	update := newImageUpdate(base, pushes)
	if len(update.images) == 0 {
		return slices.ContainsFunc(pushes, func(p Push) bool { return update.ignored[p.ID] == ignoredSame }), nil
	}
	set, err := deployset.Apply(base, update.delta)
	if err != nil {
		return false, Wrapf(CodeInternal, err, "the images %s could not be put into the set %s", strings.Join(update.images, ", "), baseID)
	}
	req.setID, err = s.store.PutSet(ctx, org, app, set)
	return true, err
}
