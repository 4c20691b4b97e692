package orchestrator

import (
	"context"
	"slices"
)

// openPreview has the branch of a pull request get its environment: from the
// base, with the newest images that are known of the branch. One that is there
// lives on from now; images deploy themselves when they are registered.
func (s *Service) openPreview(ctx context.Context, rule *PreviewRule, d *ReceiverDelivery) (status, reason string, err error) {
	if !refMatcher(rule.MatchRef)(branchPrefix + d.Branch) {
		return ReceivedIgnored, "the preview rule is not for this branch", nil
	}
	ref := EnvRef{OrgID: rule.OrgID, AppID: rule.AppID, EnvID: rule.EnvID(d.Branch)}
	env, err := s.store.GetEnvironment(ctx, ref)
	switch {
	case err == nil && env.Status == StatusDeleting:
		return "", "", Conflictf("the preview before is still being removed")
	case err == nil:
		return s.keepPreview(ctx, rule, ref)
	case !IsNotFound(err):
		return "", "", err
	}
	if err := s.workflows.Ready(ctx); err != nil {
		return "", "", err
	}
	var up *SpinUp
	err = s.inTxAgain(ctx, func(ctx context.Context) error {
		up, err = s.previewOfRequest(ctx, *rule, d.Branch)
		return err
	})
	if err != nil {
		return "", "", err
	}
	s.followSpinUp(ctx, up, true)
	return ReceivedDone, "the preview was made", nil
}

// keepPreview restarts the time to live of a preview.
func (s *Service) keepPreview(ctx context.Context, rule *PreviewRule, ref EnvRef) (status, reason string, err error) {
	if rule.TTL > 0 {
		if _, err := s.ChangeLifetime(ctx, ref, LifetimeChange{TTL: &rule.TTL}); err != nil {
			return "", "", err
		}
	}
	return ReceivedDone, "the preview is there; images of the branch are deployed to it when they are registered", nil
}

// previewOfRequest runs inside a transaction.
func (s *Service) previewOfRequest(ctx context.Context, rule PreviewRule, branch string) (*SpinUp, error) {
	app, err := s.store.GetApplication(ctx, rule.OrgID, rule.AppID)
	if err != nil {
		return nil, err
	}
	if app.Status == StatusDeleting {
		return nil, Conflictf("application %q is being deleted", rule.AppID)
	}
	base := EnvRef{OrgID: rule.OrgID, AppID: rule.AppID, EnvID: rule.BaseEnvID}
	req := SpinUpRequest{
		EnvironmentRequest: EnvironmentRequest{ID: rule.EnvID(branch), Name: previewName(branch), TypeID: rule.EnvTypeID},
		FromEnvID:          rule.BaseEnvID, OnFailure: rule.OnFailure, Lifetime: rule.lifetime(), kind: SpinUpPreview, Comment: "Preview of " + branch,
	}
	if err := s.takeFrom(ctx, base, &req); err != nil {
		return nil, err
	}
	req.Deploy = req.FromDeployID != ""
	pushes, err := s.imagesOf(ctx, rule, branch)
	if err != nil {
		return nil, err
	}
	used, err := s.withImages(ctx, &req, pushes)
	if err != nil {
		return nil, err
	}
	if !used {
		pushes = nil
	}
	return s.makePreview(ctx, rule, branch, req, pushes)
}

// imagesLooked bounds how many versions are looked through for those of a branch.
const imagesLooked = 2000

// imagesOf are the newest images of a branch, as pushes to its preview, oldest first.
func (s *Service) imagesOf(ctx context.Context, rule PreviewRule, branch string) ([]Push, error) {
	versions, err := s.store.ListArtefactVersions(ctx, rule.OrgID, ArtefactVersionFilter{Limit: imagesLooked})
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	var out []Push
	for i := range versions {
		v := &versions[i]
		if v.Image() == "" || seen[v.Name] || !slices.Contains(v.refs(), branchPrefix+branch) {
			continue
		}
		seen[v.Name] = true
		out = append(out, Push{
			OrgID: rule.OrgID, AppID: rule.AppID, EnvID: rule.EnvID(branch), ID: newUUID(), ArtefactVersionID: v.ID, ArtefactName: v.Name, Image: v.Image(),
			Ref: branchPrefix + branch, Commit: v.Commit, RuleID: rule.ID, Status: PushPending, CreatedAt: s.now(),
		})
	}
	slices.Reverse(out)
	return out, nil
}
